package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * PNG (third edition): all colour types, depths and both interlace methods, tRNS, and the
 * orientation of an eXIf chunk. Samples of 16 bits keep their high byte. Colour chunks (gAMA, iCCP,
 * cHRM) are ignored, as Pillow does. Checksums of the chunks that matter must hold.
 */
final class PngDecoder {
    private static final int SIGNATURE_BYTES = 8;
    private static final String XMP = "XML:com.adobe.xmp\0";

    /** Deflate codes at most 258 bytes in two bits. */
    private static final long MAX_INFLATION = 1032;

    private final byte[] file;
    private final ByteReader reader;
    private final PixelBudget.Claim claim;
    private final List<Slice> data = new ArrayList<>();
    private @Nullable PngHeader header;
    private byte @Nullable [] palette;
    private byte @Nullable [] transparency;
    private int exifOrientation = Orientation.UNSTATED;
    private int xmpOrientation = Orientation.UNSTATED;
    private boolean dataEnded;

    private PngDecoder(byte[] file, PixelBudget.Claim claim) {
        this.file = file;
        this.claim = claim;
        this.reader =
                new ByteReader("PNG", file, SIGNATURE_BYTES, file.length, ByteOrder.BIG_ENDIAN);
    }

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        return new PngDecoder(file, claim).decode();
    }

    private Bitmap decode() {
        boolean more = true;
        while (more && reader.remaining() > 0) {
            // What follows the pixels may be cut off; the pixels are whole.
            if (!data.isEmpty() && !wholeChunkAhead()) {
                break;
            }
            more = chunk();
        }
        PngHeader found = header;
        if (found == null || data.isEmpty()) {
            throw new Unreadable("PNG image is truncated: it has no pixel data (IDAT)");
        }
        return pixels(found);
    }

    private boolean wholeChunkAhead() {
        if (reader.remaining() < 8) {
            return false;
        }
        int start = reader.position();
        long length = reader.u32();
        boolean pixels = reader.startsWith("IDAT");
        reader.seek(start);
        return pixels || length + 12 <= reader.remaining();
    }

    /** Reads one chunk; false when it was the last. */
    private boolean chunk() {
        long length = reader.u32();
        int start = reader.position();
        String type = reader.latin1(4);
        if (length > Integer.MAX_VALUE) {
            throw new Unreadable(
                    "PNG image is damaged: chunk %s has length %d"
                            .formatted(printable(type), length));
        }
        ByteReader body = reader.slice((int) length);
        boolean intact = crc(start, reader.position()) == reader.u32();
        if (!intact && Character.isUpperCase(type.charAt(0))) {
            throw new Unreadable(
                    "PNG image is damaged: the checksum of chunk %s at offset %d is wrong"
                            .formatted(printable(type), start - 4));
        }
        if (header == null && !type.equals("IHDR")) {
            throw new Unreadable(
                    "PNG image is damaged: its first chunk is %s".formatted(printable(type)));
        }
        if (!type.equals("IDAT") && !data.isEmpty()) {
            dataEnded = true;
        }
        return !intact || read(type, body);
    }

    private boolean read(String type, ByteReader body) {
        switch (type) {
            case "IHDR" -> {
                if (header != null) {
                    throw new Unreadable("PNG image is damaged: it has two headers (IHDR)");
                }
                header = PngHeader.read(body, claim);
            }
            case "PLTE" -> palette = body.copy(Math.min(body.remaining(), 768));
            case "tRNS" -> transparency = body.copy(Math.min(body.remaining(), 256));
            case "eXIf" ->
                    exifOrientation =
                            Orientation.ofExif(
                                    file, body.position(), body.position() + body.remaining());
            case "iTXt" -> readText(body);
            case "IDAT" -> {
                if (!dataEnded) {
                    data.add(new Slice(body.position(), body.position() + body.remaining()));
                }
            }
            case "IEND" -> {
                return false;
            }
            default -> {}
        }
        return true;
    }

    /** An XMP packet, where it is not compressed. */
    private void readText(ByteReader body) {
        if (body.startsWith(XMP)) {
            xmpOrientation =
                    Orientation.ofXmp(file, body.position(), body.position() + body.remaining());
        }
    }

    private long crc(int from, int end) {
        CRC32 crc = new CRC32();
        crc.update(file, from, end - from);
        return crc.getValue();
    }

    private Bitmap pixels(PngHeader found) {
        long compressed = 0;
        for (Slice slice : data) {
            compressed += slice.length();
        }
        long needed = ((long) found.width() * found.bitsPerPixel() + 7) / 8 * found.height();
        if (needed > (compressed + 1) * MAX_INFLATION) {
            throw new Unreadable(
                    "PNG image is truncated: %d bytes of pixel data cannot hold %dx%d px"
                            .formatted(compressed, found.width(), found.height()));
        }
        PngRaster raster = PngRaster.of(found, palette, transparency);
        try (InflatedSlices rows = new InflatedSlices("PNG", file, data)) {
            new PngRows(found, rows).readInto(raster);
        }
        return raster.toBitmap(Orientation.of(exifOrientation, xmpOrientation));
    }

    private static String printable(String type) {
        return type.chars().allMatch(c -> c > ' ' && c < 127) ? type : "of an unprintable name";
    }
}
