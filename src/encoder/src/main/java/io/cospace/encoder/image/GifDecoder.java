package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first picture of a GIF file (GIF89a specification), placed on its logical screen as Pillow
 * does: the screen grows where the picture overlaps it, and what the picture leaves free has the
 * transparent index, or index 0.
 */
final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int TABLE_FLAG = 0x80;
    private static final int INTERLACE_FLAG = 0x40;
    private static final int OPAQUE = -1;

    /** A code of nine bits or more stands for at most 4096 pixels. */
    private static final int MAX_PIXELS_A_BYTE = 4096;

    private final ByteReader reader;
    private final PixelBudget.Claim claim;
    private int transparentIndex = OPAQUE;

    private GifDecoder(byte[] file, PixelBudget.Claim claim) {
        this.reader = new ByteReader("GIF", file, ByteOrder.LITTLE_ENDIAN);
        this.claim = claim;
    }

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        return new GifDecoder(file, claim).decode();
    }

    private Bitmap decode() {
        reader.skip(6);
        int screenWidth = reader.u16();
        int screenHeight = reader.u16();
        int flags = reader.u8();
        reader.skip(2);
        Palette global = (flags & TABLE_FLAG) != 0 ? colorTable(flags) : null;
        skipToImage();
        return image(screenWidth, screenHeight, global);
    }

    private Palette colorTable(int flags) {
        return Palette.ofRgb(reader.copy(3 << ((flags & 7) + 1)));
    }

    /** Reads the blocks before the first picture; of the graphic controls the last one counts. */
    private void skipToImage() {
        while (true) {
            int block = reader.u8();
            if (block == IMAGE) {
                return;
            }
            if (block == TRAILER) {
                throw new Unreadable("GIF image is damaged: it has no picture");
            }
            if (block == EXTENSION) {
                extension();
            }
        }
    }

    private void extension() {
        int label = reader.u8();
        int length = reader.u8();
        if (length > 0) {
            ByteReader body = reader.slice(length);
            if (label == GRAPHIC_CONTROL && length >= 4 && (body.u8() & 1) != 0) {
                body.skip(2);
                transparentIndex = body.u8();
            }
            skipSubBlocks();
        }
    }

    private void skipSubBlocks() {
        for (int length = reader.u8(); length > 0; length = reader.u8()) {
            reader.skip(length);
        }
    }

    private Bitmap image(int screenWidth, int screenHeight, @Nullable Palette global) {
        GifFrame frame = frame();
        int width = Math.max(screenWidth, frame.left() + frame.width());
        int height = Math.max(screenHeight, frame.top() + frame.height());
        claim.take(width, height);
        if (frame.width() == 0 || frame.height() == 0) {
            throw new Unreadable(
                    "GIF image is damaged: its picture is %dx%d px"
                            .formatted(frame.width(), frame.height()));
        }
        if ((long) frame.width() * frame.height() / MAX_PIXELS_A_BYTE > reader.remaining()) {
            throw new Unreadable(
                    "GIF image is truncated: %d bytes cannot hold %dx%d px"
                            .formatted(reader.remaining(), frame.width(), frame.height()));
        }
        Palette palette =
                frame.palette() != null
                        ? frame.palette()
                        : global != null ? global : Palette.greyRamp(8);
        if (transparentIndex != OPAQUE) {
            palette.setAlpha(transparentIndex, 0);
        }
        byte[] indices = new byte[width * height];
        Arrays.fill(indices, (byte) Math.max(transparentIndex, 0));
        new GifLzw(reader).decode(indices, width, frame);
        return colored(width, height, indices, palette);
    }

    private GifFrame frame() {
        int left = reader.u16();
        int top = reader.u16();
        int width = reader.u16();
        int height = reader.u16();
        int flags = reader.u8();
        Palette local = (flags & TABLE_FLAG) != 0 ? colorTable(flags) : null;
        return new GifFrame(left, top, width, height, (flags & INTERLACE_FLAG) != 0, local);
    }

    private static Bitmap colored(int width, int height, byte[] indices, Palette palette) {
        byte[] rgb = new byte[indices.length * 3];
        byte[] alpha = palette.transparent() ? new byte[indices.length] : null;
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i] & 0xff;
            palette.putColor(index, rgb, i);
            if (alpha != null) {
                alpha[i] = palette.alpha(index);
            }
        }
        return new Bitmap(width, height, rgb, alpha, Orientation.UPRIGHT);
    }
}
