package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.webp.Vp8;
import io.cospace.encoder.image.webp.Vp8l;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * WebP (RFC 9649): the container around lossy and lossless bitstreams, alpha planes, the first
 * frame of animations on a transparent canvas, the orientation of an EXIF chunk.
 */
final class WebpDecoder {
    private static final int ALPHA_FLAG = 0x10;
    private static final int ANIMATION_FLAG = 0x02;

    private final byte[] file;
    private final PixelBudget.Claim claim;
    private final ByteReader reader;
    private int canvasWidth;
    private int canvasHeight;
    private int flags;
    private boolean extended;
    private int exifOrientation = Orientation.UNSTATED;
    private int xmpOrientation = Orientation.UNSTATED;
    private @Nullable WebpFrame frame;

    private WebpDecoder(byte[] file, PixelBudget.Claim claim) {
        this.file = file;
        this.claim = claim;
        ByteReader riff = new ByteReader("WebP", file, ByteOrder.LITTLE_ENDIAN);
        riff.skip(4);
        long size = riff.u32();
        riff.require(size);
        this.reader = riff.slice((int) size);
        reader.skip(4);
    }

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        return new WebpDecoder(file, claim).decode();
    }

    private Bitmap decode() {
        WebpFrame.Builder still = new WebpFrame.Builder(0, 0);
        while (reader.remaining() >= 8) {
            String type = reader.latin1(4);
            ByteReader body = chunkBody(reader);
            switch (type) {
                case "VP8X" -> readExtended(body);
                case "ANMF" -> readAnimationFrame(body);
                case "EXIF" -> readExif(body);
                case "XMP " -> readXmp(body);
                default -> still.add(type, body);
            }
        }
        boolean animated = (flags & ANIMATION_FLAG) != 0;
        WebpFrame found = animated ? frame : still.build();
        if (found == null) {
            throw new Unreadable("WebP image is truncated: it has no picture");
        }
        return compose(found, animated);
    }

    /** The content of a chunk whose type was read; a byte of padding behind odd ones is skipped. */
    private static ByteReader chunkBody(ByteReader chunks) {
        long size = chunks.u32();
        chunks.require(size);
        ByteReader body = chunks.slice((int) size);
        if ((size & 1) != 0 && chunks.remaining() > 0) {
            chunks.skip(1);
        }
        return body;
    }

    private void readExtended(ByteReader body) {
        extended = true;
        flags = body.u8();
        body.skip(3);
        canvasWidth = body.u24() + 1;
        canvasHeight = body.u24() + 1;
        claim.take(canvasWidth, canvasHeight);
    }

    /** Keeps the first frame of an animation; those behind it are not looked at. */
    private void readAnimationFrame(ByteReader body) {
        if (frame != null) {
            return;
        }
        int left = 2 * body.u24();
        int top = 2 * body.u24();
        int width = body.u24() + 1;
        int height = body.u24() + 1;
        body.skip(4);
        WebpFrame.Builder builder = new WebpFrame.Builder(left, top);
        while (body.remaining() >= 8) {
            String type = body.latin1(4);
            builder.add(type, chunkBody(body));
        }
        frame = builder.build();
        if (frame != null && (frame.width() != width || frame.height() != height)) {
            throw new Unreadable(
                    "WebP image is damaged: a frame of %dx%d px holds %dx%d"
                            .formatted(width, height, frame.width(), frame.height()));
        }
    }

    private void readExif(ByteReader body) {
        int from = body.position() + (body.startsWith("Exif\0\0") ? 6 : 0);
        exifOrientation = Orientation.ofExif(file, from, body.position() + body.remaining());
    }

    private void readXmp(ByteReader body) {
        xmpOrientation =
                Orientation.ofXmp(file, body.position(), body.position() + body.remaining());
    }

    private int orientation() {
        return Orientation.of(exifOrientation, xmpOrientation);
    }

    private Bitmap compose(WebpFrame found, boolean animated) {
        claim.take(found.width(), found.height());
        if (!extended) {
            canvasWidth = found.width();
            canvasHeight = found.height();
        }
        boolean fits =
                found.left() + found.width() <= canvasWidth
                        && found.top() + found.height() <= canvasHeight;
        boolean fills = found.width() == canvasWidth && found.height() == canvasHeight;
        if (!(animated ? fits : fills)) {
            throw new Unreadable(
                    "WebP image is damaged: a picture of %dx%d px on a canvas of %dx%d"
                            .formatted(found.width(), found.height(), canvasWidth, canvasHeight));
        }
        Bitmap picture = found.lossless() ? lossless(found, animated) : lossy(found, animated);
        if (fills) {
            return picture;
        }
        return picture.onCanvas(
                canvasWidth, canvasHeight, found.left(), found.top(), (flags & ALPHA_FLAG) != 0);
    }

    /** An animation has alpha when its header says so, a still picture when its bitstream does. */
    private Bitmap lossless(WebpFrame found, boolean animated) {
        int[] argb = Vp8l.decode(file, found.data().from(), found.data().end());
        boolean hasAlpha =
                animated
                        ? (flags & ALPHA_FLAG) != 0
                        : Vp8l.header(file, found.data().from(), found.data().end()).alpha();
        byte[] rgb = new byte[argb.length * 3];
        byte[] alpha = hasAlpha ? new byte[argb.length] : null;
        for (int i = 0, p = 0; i < argb.length; i++, p += 3) {
            int pixel = argb[i];
            rgb[p] = (byte) (pixel >> 16);
            rgb[p + 1] = (byte) (pixel >> 8);
            rgb[p + 2] = (byte) pixel;
            if (alpha != null) {
                alpha[i] = (byte) (pixel >>> 24);
            }
        }
        return new Bitmap(found.width(), found.height(), rgb, alpha, orientation());
    }

    private Bitmap lossy(WebpFrame found, boolean animated) {
        byte[] alpha = null;
        Slice coded = found.alpha();
        if (coded != null) {
            alpha = new WebpAlpha(file, coded, found.width(), found.height()).decode();
            if (animated && (flags & ALPHA_FLAG) == 0) {
                alpha = null;
            }
        }
        byte[] rgb = Vp8.decode(file, found.data().from(), found.data().end());
        return new Bitmap(found.width(), found.height(), rgb, alpha, orientation());
    }
}
