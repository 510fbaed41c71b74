package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a released model prepares images: Hugging Face's {@code preprocessor_config.json} (image
 * processors of CLIP, SigLIP and ViT, and their copies for browsers), open_clip's {@code
 * preprocess_cfg}, or the family's own values where a checkpoint comes without a file.
 */
public final class ImageConfig {
    /** Of OpenAI's CLIP, kept by open_clip and EVA-CLIP (openai/CLIP, clip.py). */
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** Pillow's numbers of its filters. */
    private static final int BILINEAR = 2;

    private static final int BICUBIC = 3;

    private ImageConfig() {}

    /** OpenAI's: shorter side to {@code size}, bicubic, centre crop. */
    public static Preprocessing clip(int size) {
        return new Preprocessing(
                size,
                Resize.SHORTEST,
                size,
                Interpolation.BICUBIC,
                1 / 255.0,
                CLIP_MEAN,
                CLIP_STD,
                null);
    }

    /** SigLIP's: both sides to {@code size}, values to -1..1 (open_clip, ViT-*-SigLIP2.json). */
    static Preprocessing siglip(int size) {
        List<Double> half = List.of(0.5, 0.5, 0.5);
        return new Preprocessing(
                size, Resize.SQUASH, size, Interpolation.BICUBIC, 1 / 255.0, half, half, null);
    }

    /**
     * EfficientNet-Lite's: both sides to {@code size}, {@code (v - 127) / 128} (TensorFlow's
     * efficientnet_lite), white where a picture is transparent.
     */
    public static Preprocessing efficientNetLite(int size) {
        return new Preprocessing(
                size,
                Resize.SQUASH,
                size,
                Interpolation.BICUBIC,
                1,
                List.of(127.0, 127.0, 127.0),
                List.of(128.0, 128.0, 128.0),
                List.of(255, 255, 255));
    }

    /**
     * Reads {@code preprocessor_config.json}.
     *
     * @throws ImportException for steps that are not computed here; names the key
     */
    static Preprocessing huggingFace(Path file) {
        JsonNode json = JsonFile.read(file);
        try {
            return huggingFace(json);
        } catch (IllegalArgumentException e) {
            throw new ImportException(file, "cannot be followed: " + e.getMessage(), e);
        }
    }

    private static Preprocessing huggingFace(JsonNode json) {
        require(json, "do_resize", true);
        require(json, "do_rescale", true);
        refuse(json, "max_num_patches", "images of free aspect ratio (NaFlex)");
        refuse(json, "crop_pct", "a crop by percentage");
        refuse(json, "do_pad", "padding");
        JsonNode size = json.path("size");
        int shortest = side(size, "shortest_edge");
        int height = side(size, "height");
        boolean squash = shortest < 0 && height > 0;
        if (squash && side(size, "width") != height) {
            throw new IllegalArgumentException("size is " + size + "; only squares are known");
        }
        int target = squash ? height : shortest > 0 ? shortest : size.asInt(-1);
        if (target < 1) {
            throw new IllegalArgumentException(
                    "size is "
                            + size
                            + "; it must be a number, shortest_edge, or height and width");
        }
        int crop = json.path("do_center_crop").asBoolean(!squash) ? crop(json, target) : target;
        if (!squash && !json.path("do_center_crop").asBoolean(true)) {
            throw new IllegalArgumentException(
                    "do_center_crop is false and the aspect ratio is kept: images of no fixed shape");
        }
        boolean normalise = json.path("do_normalize").asBoolean(true);
        return new Preprocessing(
                target,
                squash ? Resize.SQUASH : Resize.SHORTEST,
                crop,
                filter(json.path("resample").asInt(BICUBIC)),
                json.path("rescale_factor").asDouble(1 / 255.0),
                normalise ? three(json, "image_mean") : List.of(0.0, 0.0, 0.0),
                normalise ? three(json, "image_std") : List.of(1.0, 1.0, 1.0),
                null);
    }

    /**
     * Reads {@code preprocess_cfg} of an {@code open_clip_config.json}.
     *
     * @param size side of the tower's image
     * @throws ImportException for what is not computed here; names the key
     */
    static Preprocessing openClip(Path file, int size) {
        return openClip(file, JsonFile.read(file).path("preprocess_cfg"), size);
    }

    /**
     * Reads a {@code preprocess_cfg.json}, the same settings in a file of their own.
     *
     * @param size side of the tower's image; not positive to take the file's
     */
    static Preprocessing openClipFile(Path file, int size) {
        JsonNode json = JsonFile.read(file);
        JsonNode said = json.path("size");
        int side = said.isArray() ? said.path(0).asInt(-1) : said.asInt(-1);
        return openClip(file, json, size > 0 ? size : side);
    }

    private static Preprocessing openClip(Path file, JsonNode json, int size) {
        String mode = json.path("resize_mode").asText("shortest");
        String filter = json.path("interpolation").asText("bicubic");
        try {
            Resize resize = Resize.valueOf(mode.toUpperCase(Locale.ROOT));
            return new Preprocessing(
                    size,
                    resize,
                    size,
                    Interpolation.valueOf(filter.toUpperCase(Locale.ROOT)),
                    1 / 255.0,
                    json.has("mean") ? three(json, "mean") : CLIP_MEAN,
                    json.has("std") ? three(json, "std") : CLIP_STD,
                    fill(resize, json.path("fill_color").asInt(0)));
        } catch (IllegalArgumentException e) {
            throw new ImportException(
                    file,
                    "preprocess_cfg has resize_mode %s, interpolation %s: %s"
                            .formatted(mode, filter, e.getMessage()),
                    e);
        }
    }

    /** Padding is black where nothing is said, which {@link Preprocessing} spells as null. */
    private static @Nullable List<Integer> fill(Resize resize, int grey) {
        return resize == Resize.LONGEST && grey != 0 ? List.of(grey, grey, grey) : null;
    }

    /** The same for images of another side: what is cut off keeps its share. */
    static Preprocessing scaled(Preprocessing from, int crop) {
        return new Preprocessing(
                (int) Math.round((double) from.size() * crop / from.crop()),
                from.resize(),
                crop,
                from.interpolation(),
                from.rescale(),
                from.mean(),
                from.std(),
                from.background());
    }

    private static int side(JsonNode size, String key) {
        return size.path(key).asInt(-1);
    }

    private static int crop(JsonNode json, int size) {
        JsonNode crop = json.path("crop_size");
        if (crop.isMissingNode()) {
            return size;
        }
        int height = crop.isNumber() ? crop.asInt() : side(crop, "height");
        if (height < 1 || (!crop.isNumber() && side(crop, "width") != height)) {
            throw new IllegalArgumentException("crop_size is " + crop + "; only squares are known");
        }
        return height;
    }

    private static Interpolation filter(int resample) {
        return switch (resample) {
            case BILINEAR -> Interpolation.BILINEAR;
            case BICUBIC -> Interpolation.BICUBIC;
            default ->
                    throw new IllegalArgumentException(
                            "resample is %d; known are %d (bilinear) and %d (bicubic)"
                                    .formatted(resample, BILINEAR, BICUBIC));
        };
    }

    private static List<Double> three(JsonNode json, String key) {
        List<Double> values = new ArrayList<>();
        json.path(key).forEach(value -> values.add(value.asDouble(Double.NaN)));
        if (values.size() != 3) {
            throw new IllegalArgumentException(
                    key + " is " + json.path(key) + "; it must be 3 numbers");
        }
        return values;
    }

    private static void require(JsonNode json, String key, boolean value) {
        if (json.path(key).asBoolean(value) != value) {
            throw new IllegalArgumentException(
                    key + " is " + json.path(key) + "; known is " + value);
        }
    }

    private static void refuse(JsonNode json, String key, String what) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.asText().equals("false")) {
            throw new IllegalArgumentException(
                    key + " is " + value + ": " + what + " is not known");
        }
    }
}
