package io.cospace.encoder.image;

import io.cospace.encoder.image.webp.Vp8;
import io.cospace.encoder.image.webp.Vp8l;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a WebP file, not decoded yet.
 *
 * @param left column of the canvas where it begins
 * @param top row of the canvas where it begins
 * @param width as its bitstream declares it
 * @param height as its bitstream declares it
 * @param lossless whether the bitstream is VP8L, else VP8
 * @param data the bitstream
 * @param alpha the content of an ALPH chunk; null when there is none, always so for VP8L
 */
record WebpFrame(
        int left,
        int top,
        int width,
        int height,
        boolean lossless,
        Slice data,
        @Nullable Slice alpha) {

    /** Collects the chunks that make a picture, of which the first bitstream counts. */
    static final class Builder {
        private final int left;
        private final int top;
        private boolean lossless;
        private @Nullable Slice data;
        private @Nullable Slice alpha;
        private byte[] file = new byte[0];

        Builder(int left, int top) {
            this.left = left;
            this.top = top;
        }

        void add(String type, ByteReader body) {
            if (data != null) {
                return;
            }
            Slice content = new Slice(body.position(), body.position() + body.remaining());
            switch (type) {
                case "ALPH" -> alpha = content;
                case "VP8 ", "VP8L" -> {
                    data = content;
                    lossless = type.equals("VP8L");
                    file = body.file();
                }
                default -> {}
            }
        }

        /** The picture; null when no bitstream came. */
        @Nullable WebpFrame build() {
            if (data == null) {
                return null;
            }
            if (lossless) {
                Vp8l.Header header = Vp8l.header(file, data.from(), data.end());
                return new WebpFrame(left, top, header.width(), header.height(), true, data, null);
            }
            Vp8.Size size = Vp8.size(file, data.from(), data.end());
            return new WebpFrame(left, top, size.width(), size.height(), false, data, alpha);
        }
    }
}
