package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.ImageException.TooLarge;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Image files to upright RGB pixels, equal to those of Pillow 11.3 after {@code exif_transpose} and
 * {@code convert("RGB")}. The format is told by the bytes. Sizes are read from the header and
 * checked before a pixel is allocated; memory is bounded by a small multiple of the pixels that the
 * header declares, whatever the rest of the file says. Colour profiles are not applied, of
 * animations the first frame is read, 16-bit samples keep their high byte. Thread-safe.
 */
public final class ImageDecoder {
    private final ImageLimits limits;
    private final @Nullable List<Integer> background;
    private final PixelBudget budget;

    /**
     * @param background red, green, blue, 0..255, that transparent pixels are blended on; null:
     *     alpha is dropped and the stored colour shows
     */
    public ImageDecoder(ImageLimits limits, @Nullable List<Integer> background) {
        this.limits = requireNonNull(limits, "limits is null");
        this.budget = new PixelBudget(2 * limits.maxPixels());
        this.background = background == null ? null : List.copyOf(background);
    }

    /**
     * Decodes one file.
     *
     * @throws ImageException.Unreadable when the bytes are no image, damaged or cut short
     * @throws ImageException.TooLarge when the file or the declared picture exceeds the limits
     * @throws ImageException.Unsupported when the format, or this variant of it, is not read
     */
    public RgbImage decode(byte[] file) {
        return decode(file, Function.identity());
    }

    /** {@link #decode(byte[], Function, CompletableFuture)} for a caller that always waits. */
    public <T> T decode(byte[] file, Function<RgbImage, T> use) {
        return decode(file, use, new CompletableFuture<>());
    }

    /**
     * Decodes one file and makes something of its pixels. While that goes on they count as pixels
     * in memory, of which this decoder allows twice the limit of one picture, over all threads;
     * further calls wait, in order of arrival.
     *
     * @param use gets the picture; must not keep it, nor decode another one
     * @param unwanted completed when nobody waits for the picture any more, after which this call
     *     waits for nothing either
     * @throws ImageException as {@link #decode(byte[])}
     * @throws CancellationException when {@code unwanted} ended the wait
     */
    public <T> T decode(byte[] file, Function<RgbImage, T> use, CompletableFuture<?> unwanted) {
        limits.checkBytes(file.length);
        ImageFormat format = ImageFormat.of(file);
        try (PixelBudget.Claim claim = budget.open(limits, unwanted)) {
            return use.apply(decode(format, file, claim).toRgb(background));
        } catch (OutOfMemoryError e) {
            // Within the limits, yet more than this process has: the item fails, the process lives.
            throw new TooLarge("%s image needs more memory than is free".formatted(format));
        }
    }

    private static Bitmap decode(ImageFormat format, byte[] file, PixelBudget.Claim claim) {
        return switch (format) {
            case JPEG -> JpegDecoder.decode(file, claim);
            case PNG -> PngDecoder.decode(file, claim);
            case GIF -> GifDecoder.decode(file, claim);
            case BMP -> BmpDecoder.decode(file, claim);
            case WEBP -> WebpDecoder.decode(file, claim);
            case TIFF -> TiffDecoder.decode(file, claim);
        };
    }
}
