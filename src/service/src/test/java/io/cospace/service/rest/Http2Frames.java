package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** HTTP/2 by hand, for clients that no library would be (RFC 9113, RFC 7541). */
final class Http2Frames {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MOST_DATA = 16 << 10;

    private final OutputStream out;

    Http2Frames(OutputStream out) {
        this.out = out;
    }

    /** Opens the connection, with windows that never shut. */
    void begin() throws IOException {
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        ByteBuffer window = ByteBuffer.allocate(6);
        window.putShort((short) INITIAL_WINDOW_SIZE).putInt(Integer.MAX_VALUE);
        frame(SETTINGS, 0, 0, window.array());
        byte[] more = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 65_535).array();
        frame(WINDOW_UPDATE, 0, 0, more);
    }

    /** Sends a whole call, of a body that fits into the window of the server. */
    void post(int stream, String path, byte[] body) throws IOException {
        head(stream, path, "application/json");
        for (int from = 0; from < body.length; from += MOST_DATA) {
            int length = Math.min(MOST_DATA, body.length - from);
            ByteBuffer data = ByteBuffer.allocate(length).put(body, from, length);
            int flags = from + length == body.length ? END_STREAM : 0;
            frame(DATA, flags, stream, data.array());
        }
    }

    /** Sends the head of a call. */
    void head(int stream, String path, String type) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        field(block, ":path", path);
        field(block, ":authority", "x");
        field(block, "content-type", type);
        frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** Literal, without indexing or Huffman coding. */
    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : new String[] {name, value}) {
            block.write(text.length());
            block.writeBytes(text.getBytes(US_ASCII));
        }
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }
}
