package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;
import java.nio.ByteOrder;

/** The formats that are read, told apart by their first bytes; a file's name is never looked at. */
enum ImageFormat {
    JPEG,
    PNG,
    WEBP,
    GIF,
    BMP,
    TIFF;

    /**
     * The format of a file.
     *
     * @throws Unreadable when the file is empty or no image at all
     * @throws Unsupported when it is an image of a known format that is not read
     */
    static ImageFormat of(byte[] file) {
        if (file.length == 0) {
            throw new Unreadable("image is empty: 0 bytes");
        }
        ByteReader start = new ByteReader("unknown", file, ByteOrder.BIG_ENDIAN);
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (start.startsWith("RIFF") && hasTag(file, 8, "WEBP")) {
            return WEBP;
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        }
        if (start.startsWith("BM")) {
            return BMP;
        }
        if (isTiff(start)) {
            return TIFF;
        }
        throw unknown(file, start);
    }

    /** Classic TIFF (42) and BigTIFF (43), either byte order. */
    private static boolean isTiff(ByteReader start) {
        return start.startsWith("II*\0")
                || start.startsWith("MM\0*")
                || start.startsWith("II+\0")
                || start.startsWith("MM\0+");
    }

    private static RuntimeException unknown(byte[] file, ByteReader start) {
        String known = "JPEG, PNG, WebP, GIF, BMP and TIFF are read";
        if (hasTag(file, 4, "ftyp")) {
            return new Unsupported("image is of the family of HEIC, AVIF and MP4; " + known);
        }
        if (start.startsWith("8BPS")
                || start.startsWith("\0\0\1\0")
                || start.startsWith("\0\0\0\fjP  ")
                || start.startsWith("\u00ff\n")) {
            return new Unsupported(
                    "image is of a format that is not read (PSD, ICO, JPEG 2000 or JPEG XL); "
                            + known);
        }
        if (start.startsWith("<svg") || start.startsWith("<?xml")) {
            return new Unsupported("image is XML, perhaps SVG; " + known);
        }
        return new Unreadable(
                "bytes are no image: they begin with %s; %s".formatted(hex(file), known));
    }

    private static boolean hasTag(byte[] file, int offset, String tag) {
        return file.length >= offset
                && new ByteReader("unknown", file, offset, file.length, ByteOrder.BIG_ENDIAN)
                        .startsWith(tag);
    }

    private static String hex(byte[] file) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(8, file.length); i++) {
            hex.append(i == 0 ? "" : " ").append(String.format("%02x", file[i] & 0xff));
        }
        return hex.toString();
    }
}
