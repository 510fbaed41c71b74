package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.ImageException.TooLarge;
import java.util.List;
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

    /**
     * @param background red, green, blue, 0..255, that transparent pixels are blended on; null:
     *     alpha is dropped and the stored colour shows
     */
    public ImageDecoder(ImageLimits limits, @Nullable List<Integer> background) {
        this.limits = requireNonNull(limits, "limits is null");
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
        limits.checkBytes(file.length);
        ImageFormat format = ImageFormat.of(file);
        try {
            return decode(format, file).toRgb(background);
        } catch (OutOfMemoryError e) {
            // Within the limits, yet more than this process has: the item fails, the process lives.
            throw new TooLarge("%s image needs more memory than is free".formatted(format));
        }
    }

    private Bitmap decode(ImageFormat format, byte[] file) {
        return switch (format) {
            case JPEG -> JpegDecoder.decode(file, limits);
            case PNG -> PngDecoder.decode(file, limits);
            case GIF -> GifDecoder.decode(file, limits);
            case BMP -> BmpDecoder.decode(file, limits);
            case WEBP -> WebpDecoder.decode(file, limits);
            case TIFF -> TiffDecoder.decode(file, limits);
        };
    }
}
