package io.cospace.encoder.image;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a format's decoder gives: pixels as stored, before transparency and orientation are dealt
 * with.
 */
final class Bitmap {
    private final int width;
    private final int height;
    private final byte[] rgb;
    private final byte @Nullable [] alpha;
    private final int orientation;

    /**
     * @param rgb [height, width, 3], not multiplied by alpha
     * @param alpha [height, width], 255 opaque; null: opaque throughout
     * @param orientation EXIF's, 1..8
     */
    Bitmap(int width, int height, byte[] rgb, byte @Nullable [] alpha, int orientation) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.alpha = alpha;
        this.orientation = orientation;
    }

    /**
     * The upright picture, made in place where the orientation allows.
     *
     * @param background red, green, blue that transparent pixels are blended on; null: alpha is
     *     dropped and the stored colour shows
     */
    RgbImage toRgb(@Nullable List<Integer> background) {
        if (alpha != null && background != null) {
            blend(rgb, alpha, background);
        }
        return Orientation.upright(width, height, rgb, orientation);
    }

    /**
     * The picture on a larger canvas, transparent black around it.
     *
     * @param left column of the canvas where the picture begins
     * @param top row of the canvas where the picture begins
     * @param withAlpha whether transparency counts; if not, black is opaque
     */
    Bitmap onCanvas(int canvasWidth, int canvasHeight, int left, int top, boolean withAlpha) {
        byte[] canvas = new byte[canvasWidth * canvasHeight * 3];
        byte[] canvasAlpha = withAlpha ? new byte[canvasWidth * canvasHeight] : null;
        for (int y = 0; y < height; y++) {
            int at = (top + y) * canvasWidth + left;
            System.arraycopy(rgb, y * width * 3, canvas, at * 3, width * 3);
            if (canvasAlpha != null && alpha != null) {
                System.arraycopy(alpha, y * width, canvasAlpha, at, width);
            } else if (canvasAlpha != null) {
                Arrays.fill(canvasAlpha, at, at + width, (byte) 255);
            }
        }
        return new Bitmap(canvasWidth, canvasHeight, canvas, canvasAlpha, orientation);
    }

    /**
     * Source over an opaque background in Pillow's integers (AlphaComposite.c): the weights have 7
     * more bits than a byte, the division by 255 is the shift form that is exact after rounding.
     */
    private static void blend(byte[] rgb, byte[] alpha, List<Integer> background) {
        int red = background.get(0);
        int green = background.get(1);
        int blue = background.get(2);
        for (int i = 0, p = 0; i < alpha.length; i++, p += 3) {
            int a = alpha[i] & 0xff;
            if (a != 255) {
                rgb[p] = mix(rgb[p] & 0xff, red, a);
                rgb[p + 1] = mix(rgb[p + 1] & 0xff, green, a);
                rgb[p + 2] = mix(rgb[p + 2] & 0xff, blue, a);
            }
        }
    }

    private static byte mix(int source, int background, int alpha) {
        int sum = (source * alpha + background * (255 - alpha) + 128) << 7;
        return (byte) (((sum >> 8) + sum) >> 15);
    }
}
