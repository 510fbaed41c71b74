package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;
import io.cospace.encoder.image.JpegHeader.Color;
import io.cospace.encoder.image.JpegHeader.Component;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the markers of a JPEG file (ITU-T T.81, annex B) from the start to the end-of-image marker,
 * entropy-coded data included. Application segments are read here and kept from the decoder, which
 * would act on some of them (ICC profiles, thumbnails) where Pillow does not.
 */
final class JpegScanner {
    private static final int SOF0 = 0xc0;
    private static final int SOF2 = 0xc2;
    private static final int DHT = 0xc4;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DQT = 0xdb;
    private static final int DRI = 0xdd;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int TEM = 0x01;
    private static final int NO_TRANSFORM_GIVEN = -1;
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    /**
     * Far more than any encoder writes: a picture of one block would else pay for a million scans.
     */
    private static final int MAX_SCANS = 500;

    private static final int MAX_SEGMENTS = 5000;

    private final byte[] file;
    private final ByteReader reader;
    private final List<Slice> essential = new ArrayList<>();
    private final List<Component> components = new ArrayList<>();
    private int width;
    private int height;
    private boolean jfif;
    private int adobeTransform = NO_TRANSFORM_GIVEN;
    private boolean adobe;
    private int exifOrientation = Orientation.UNSTATED;
    private int xmpOrientation = Orientation.UNSTATED;
    private int scans;
    private boolean ended;

    private JpegScanner(byte[] file) {
        this.file = file;
        this.reader = new ByteReader("JPEG", file, ByteOrder.BIG_ENDIAN);
    }

    static JpegHeader scan(byte[] file) {
        return new JpegScanner(file).scan();
    }

    private JpegHeader scan() {
        reader.skip(2);
        while (!ended) {
            int marker = nextMarker();
            if (marker < 0) {
                break;
            }
            segment(marker);
        }
        if (components.isEmpty()) {
            throw new Unreadable("JPEG image has no frame header (SOF)");
        }
        if (scans == 0) {
            throw new Unreadable("JPEG image is truncated: it has no scan");
        }
        return new JpegHeader(
                width,
                height,
                List.copyOf(components),
                color(),
                Orientation.of(exifOrientation, xmpOrientation),
                scans,
                List.copyOf(essential));
    }

    /**
     * The code of the next marker, the cursor behind it; -1 at the end of the file. Skips fill
     * bytes and stray data as libjpeg does.
     */
    private int nextMarker() {
        int end = file.length;
        int p = reader.position();
        while (p + 1 < end) {
            int code = file[p + 1] & 0xff;
            if (file[p] == (byte) 0xff && code != 0 && code != 0xff) {
                reader.seek(p + 2L);
                return code;
            }
            p++;
        }
        reader.seek(end);
        return -1;
    }

    private void segment(int marker) {
        int start = reader.position() - 2;
        if (marker == EOI) {
            ended = true;
            essential.add(new Slice(start, start + 2));
        } else if ((marker >= RST0 && marker <= RST7) || marker == TEM) {
            return;
        } else if (marker == SOI || marker < SOF0) {
            throw new Unreadable(
                    "JPEG image is damaged: marker ff%02x at offset %d".formatted(marker, start));
        } else {
            int length = reader.u16();
            if (length < 2) {
                throw new Unreadable(
                        "JPEG image is damaged: segment ff%02x at offset %d has length %d"
                                .formatted(marker, start, length));
            }
            ByteReader body = reader.slice(length - 2);
            read(marker, start, body);
        }
    }

    private void read(int marker, int start, ByteReader body) {
        if (scans > MAX_SCANS || essential.size() > MAX_SEGMENTS) {
            throw new Unreadable(
                    "JPEG image is damaged: it has more than %d scans or %d segments"
                            .formatted(MAX_SCANS, MAX_SEGMENTS));
        }
        switch (marker) {
            case DHT, DQT, DRI -> essential.add(new Slice(start, reader.position()));
            case SOS -> {
                skipEntropyCodedData();
                scans++;
                essential.add(new Slice(start, reader.position()));
            }
            case APP0 -> jfif |= body.startsWith("JFIF\0");
            case APP1 -> metadata(body);
            case APP14 -> adobe(body);
            default -> {
                if (marker >= SOF0 && marker < SOI) {
                    frame(marker, body);
                    essential.add(new Slice(start, reader.position()));
                }
            }
        }
    }

    /** Moves to the next marker that is not a restart. */
    private void skipEntropyCodedData() {
        int p = reader.position();
        int last = file.length - 1;
        while (p < last) {
            if (file[p] == (byte) 0xff) {
                int next = file[p + 1] & 0xff;
                if (next != 0 && next != 0xff && (next < RST0 || next > RST7)) {
                    break;
                }
                p += next == 0xff ? 1 : 2;
            } else {
                p++;
            }
        }
        reader.seek(p < last ? p : file.length);
    }

    private void frame(int marker, ByteReader body) {
        if (marker > SOF2) {
            throw new Unsupported(
                    "JPEG image is coded by a process that is not read (SOF%d); baseline and progressive Huffman coding are"
                            .formatted(marker - SOF0));
        }
        if (!components.isEmpty()) {
            throw new Unreadable("JPEG image is damaged: it has two frame headers");
        }
        int bits = body.u8();
        if (bits != 8) {
            throw new Unsupported("JPEG image has %d bits a sample; 8 are read".formatted(bits));
        }
        height = body.u16();
        width = body.u16();
        int count = body.u8();
        if (count != 1 && count != 3 && count != 4) {
            throw new Unsupported(
                    "JPEG image has %d components; 1, 3 and 4 are read".formatted(count));
        }
        for (int i = 0; i < count; i++) {
            int id = body.u8();
            int sampling = body.u8();
            body.skip(1);
            if (sampling >> 4 < 1
                    || sampling >> 4 > 4
                    || (sampling & 15) < 1
                    || (sampling & 15) > 4) {
                throw new Unreadable(
                        "JPEG image is damaged: sampling factors %dx%d"
                                .formatted(sampling >> 4, sampling & 15));
            }
            components.add(new Component(id, sampling >> 4, sampling & 15));
        }
    }

    private void metadata(ByteReader body) {
        int end = body.position() + body.remaining();
        if (body.startsWith("Exif\0\0") && exifOrientation == Orientation.UNSTATED) {
            exifOrientation = Orientation.ofExif(file, body.position() + 6, end);
        } else if (body.startsWith(XMP)) {
            xmpOrientation = Orientation.ofXmp(file, body.position() + XMP.length(), end);
        }
    }

    private void adobe(ByteReader body) {
        if (body.startsWith("Adobe") && body.remaining() >= 12) {
            adobe = true;
            body.skip(11);
            adobeTransform = body.u8();
        }
    }

    private Color color() {
        if (components.size() == 1) {
            return Color.GREY;
        }
        if (components.size() == 4) {
            return adobe && adobeTransform != 0 ? Color.YCCK : Color.CMYK;
        }
        if (jfif) {
            return Color.YCBCR;
        }
        if (adobe) {
            return adobeTransform == 0 ? Color.RGB : Color.YCBCR;
        }
        boolean namedRgb =
                components.get(0).id() == 'R'
                        && components.get(1).id() == 'G'
                        && components.get(2).id() == 'B';
        return namedRgb ? Color.RGB : Color.YCBCR;
    }
}
