package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model does to a picture before its first layer; {@code image.preprocessing} of a bundle's
 * manifest. After the resize and a centre crop, an 8-bit value v of channel c becomes {@code (v *
 * rescale - mean[c]) / std[c]}.
 *
 * @param size side in pixels that {@code resize} aims at, 1..4096
 * @param resize how the aspect ratio is treated
 * @param crop side in pixels of the centre crop after the resize, which is what the tower reads:
 *     1..size, equal to {@code size} when nothing more is cut
 * @param interpolation filter of the resize, always antialiased
 * @param rescale factor on 0..255 before the mean is taken off; finite, not 0
 * @param mean red, green, blue, in units of rescaled values
 * @param std red, green, blue, above 0
 * @param background red, green, blue, 0..255, that transparent pixels are blended on and that
 *     {@code longest} pads with; null: alpha is dropped unread, and padding is black
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preprocessing(
        int size,
        Resize resize,
        int crop,
        Interpolation interpolation,
        double rescale,
        List<Double> mean,
        List<Double> std,
        @Nullable List<Integer> background) {
    private static final int MAX_SIZE = 4096;

    /** How a picture of any shape becomes a square one. */
    public enum Resize {
        /** The shorter side becomes {@code size}, the other int(size x long / short). */
        @JsonProperty("shortest")
        SHORTEST,
        /** Both sides become {@code size}, whatever the aspect ratio. */
        @JsonProperty("squash")
        SQUASH,
        /** The longer side becomes {@code size}; the rest is padded, half on each side. */
        @JsonProperty("longest")
        LONGEST
    }

    /**
     * Pillow's filters of these names: widened by the scale when shrinking, so without aliasing.
     */
    public enum Interpolation {
        /** Keys' cubic with a = -0.5. */
        @JsonProperty("bicubic")
        BICUBIC,
        /** A triangle. */
        @JsonProperty("bilinear")
        BILINEAR
    }

    public Preprocessing {
        requireNonNull(resize, "resize is null");
        requireNonNull(interpolation, "interpolation is null");
        requireRange("size", size, 1, MAX_SIZE);
        requireRange("crop", crop, 1, size);
        if (!Double.isFinite(rescale) || rescale == 0) {
            throw new IllegalArgumentException(
                    "rescale is %s; it must be finite and not 0".formatted(rescale));
        }
        mean = requireFinite("mean", mean);
        std = requireFinite("std", std);
        for (double value : std) {
            if (value <= 0) {
                throw new IllegalArgumentException(
                        "std is %s; each value must be above 0".formatted(std));
            }
        }
        if (background != null) {
            background = requireThree("background", background);
            for (int value : background) {
                requireRange("background", value, 0, 255);
            }
        }
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be %d..%d".formatted(name, value, least, most));
        }
    }

    private static List<Double> requireFinite(String name, List<Double> values) {
        List<Double> copy = requireThree(name, values);
        for (double value : copy) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "%s is %s; each value must be finite".formatted(name, copy));
            }
        }
        return copy;
    }

    private static <T> List<T> requireThree(String name, List<T> values) {
        requireNonNull(values, () -> name + " is null");
        if (values.size() != Pixels.CHANNELS) {
            throw new IllegalArgumentException(
                    "%s has %d values; it must have 3: red, green, blue"
                            .formatted(name, values.size()));
        }
        return List.copyOf(values);
    }
}
