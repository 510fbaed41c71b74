package io.cospace.encoder.image;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The eight ways in which a camera may have been held: EXIF tag 0x0112 (EXIF 2.3, 4.6.4 A), found
 * in an EXIF block and undone on pixels.
 */
final class Orientation {
    static final int UPRIGHT = 1;

    /** Nothing is said. */
    static final int UNSTATED = 0;

    private static final Pattern XMP_ORIENTATION =
            Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    private static final int TAG = 0x0112;
    private static final int TYPE_SHORT = 3;
    private static final int IFD_ENTRY_BYTES = 12;

    /**
     * Side in pixels of the squares that a transposition copies, so that both rows and columns stay
     * in cache.
     */
    private static final int TILE = 64;

    private Orientation() {}

    /**
     * The orientation that an EXIF block states: {@link #UNSTATED} where it states none or is
     * damaged, for a picture is worth showing without it; upright where it states what is none.
     *
     * @param from where the TIFF header ({@code II} or {@code MM}) of the block is
     */
    static int ofExif(byte[] file, int from, int end) {
        if (end - from < 8) {
            return UNSTATED;
        }
        boolean little = file[from] == 'I' && file[from + 1] == 'I';
        if (!little && !(file[from] == 'M' && file[from + 1] == 'M')) {
            return UNSTATED;
        }
        ByteReader exif =
                new ByteReader(
                        "EXIF",
                        file,
                        from,
                        end,
                        little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        exif.skip(4);
        long directory = exif.u32();
        if (directory + 2 > end - from) {
            return UNSTATED;
        }
        exif.seek(from + directory);
        for (int left = exif.u16(); left > 0 && exif.remaining() >= IFD_ENTRY_BYTES; left--) {
            int tag = exif.u16();
            int type = exif.u16();
            exif.skip(4);
            int value = exif.u16();
            exif.skip(2);
            if (tag == TAG) {
                return type == TYPE_SHORT && value >= 1 && value <= 8 ? value : UPRIGHT;
            }
        }
        return UNSTATED;
    }

    /** The orientation that an XMP packet states, {@link #UNSTATED} where it states none. */
    static int ofXmp(byte[] file, int from, int end) {
        String packet = new String(file, from, end - from, StandardCharsets.ISO_8859_1);
        Matcher stated = XMP_ORIENTATION.matcher(packet);
        if (!stated.find()) {
            return UNSTATED;
        }
        int value = stated.group(1).charAt(0) - '0';
        return value >= 1 && value <= 8 ? value : UPRIGHT;
    }

    /** What EXIF states, else what XMP does, else upright, as Pillow has it. */
    static int of(int exif, int xmp) {
        if (exif != UNSTATED) {
            return exif;
        }
        return xmp != UNSTATED ? xmp : UPRIGHT;
    }

    /**
     * Turns and mirrors the pixels [height, width, 3] to upright; 1 to 4 in place, 5 to 8 into a
     * new array.
     */
    static RgbImage upright(int width, int height, byte[] rgb, int orientation) {
        switch (orientation) {
            case 2 -> mirrorRows(width, height, rgb);
            case 3 -> reverse(rgb, 0, rgb.length - 3);
            case 4 -> swapRows(width, height, rgb);
            case 5 -> {
                return transposed(width, height, rgb, false, false);
            }
            case 6 -> {
                return transposed(width, height, rgb, true, false);
            }
            case 7 -> {
                return transposed(width, height, rgb, true, true);
            }
            case 8 -> {
                return transposed(width, height, rgb, false, true);
            }
            default -> {}
        }
        return new RgbImage(width, height, rgb);
    }

    private static void mirrorRows(int width, int height, byte[] rgb) {
        for (int y = 0; y < height; y++) {
            reverse(rgb, y * width * 3, (y * width + width - 1) * 3);
        }
    }

    /** Reverses the order of the pixels from the one at {@code low} to the one at {@code high}. */
    private static void reverse(byte[] rgb, int low, int high) {
        for (int a = low, b = high; a < b; a += 3, b -= 3) {
            for (int c = 0; c < 3; c++) {
                byte kept = rgb[a + c];
                rgb[a + c] = rgb[b + c];
                rgb[b + c] = kept;
            }
        }
    }

    private static void swapRows(int width, int height, byte[] rgb) {
        int stride = width * 3;
        byte[] kept = new byte[stride];
        for (int top = 0, bottom = (height - 1) * stride;
                top < bottom;
                top += stride, bottom -= stride) {
            System.arraycopy(rgb, top, kept, 0, stride);
            System.arraycopy(rgb, bottom, rgb, top, stride);
            System.arraycopy(kept, 0, rgb, bottom, stride);
        }
    }

    /**
     * Exchanges rows and columns.
     *
     * @param mirrorX upright columns run against the stored rows
     * @param mirrorY upright rows run against the stored columns
     */
    private static RgbImage transposed(
            int width, int height, byte[] rgb, boolean mirrorX, boolean mirrorY) {
        byte[] upright = new byte[rgb.length];
        int step = mirrorX ? -3 : 3;
        for (int top = 0; top < height; top += TILE) {
            int rows = Math.min(TILE, height - top);
            int firstX = mirrorX ? height - 1 - top : top;
            for (int left = 0; left < width; left += TILE) {
                for (int x = left; x < Math.min(left + TILE, width); x++) {
                    int y = mirrorY ? width - 1 - x : x;
                    copy(
                            rgb,
                            (top * width + x) * 3,
                            width * 3,
                            upright,
                            (y * height + firstX) * 3,
                            step,
                            rows);
                }
            }
        }
        return new RgbImage(height, width, upright);
    }

    /**
     * Copies {@code count} pixels that are {@code fromStep} bytes apart to where they are {@code
     * toStep} apart.
     */
    private static void copy(
            byte[] source, int from, int fromStep, byte[] target, int to, int toStep, int count) {
        for (int i = 0, s = from, t = to; i < count; i++, s += fromStep, t += toStep) {
            target[t] = source[s];
            target[t + 1] = source[s + 1];
            target[t + 2] = source[s + 2];
        }
    }
}
