import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One unary gRPC call on a connection of its own: the few frames of HTTP/2 (RFC 9113) that it
 * takes, since Java's client speaks HTTP/2 without TLS only after an upgrade.
 */
final class GrpcCall {

    private static final byte DATA = 0;
    private static final byte HEADERS = 1;
    private static final byte SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private GrpcCall() {}

    /**
     * Bytes of the answer's messages, with their frames of five bytes; empty when the call failed.
     *
     * @param method {@code package.Service/Method}
     * @param message a protobuf message
     */
    static byte[] send(int port, String method, byte[] message) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            write(out, SETTINGS, 0, 0, new byte[0]);
            write(out, HEADERS, END_HEADERS, 1, headers(method));
            ByteBuffer frame = ByteBuffer.allocate(5 + message.length);
            frame.put((byte) 0).putInt(message.length).put(message);
            write(out, DATA, END_STREAM, 1, frame.array());
            return answer(new DataInputStream(socket.getInputStream()));
        }
    }

    /** HPACK (RFC 7541, section 6.2.2): literal fields that no table remembers. */
    private static byte[] headers(String method) {
        Map<String, String> fields =
                new TreeMap<>(
                        Map.of(
                                ":authority", "localhost",
                                ":method", "POST",
                                ":path", "/" + method,
                                ":scheme", "http",
                                "content-type", "application/grpc",
                                "te", "trailers"));
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        fields.forEach((name, value) -> {
            block.write(0);
            for (String text : new String[] {name, value}) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            }
        });
        return block.toByteArray();
    }

    private static void write(OutputStream out, byte type, int flags, int stream, byte[] content)
            throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + content.length);
        frame.putInt(content.length << 8 | type).put((byte) flags).putInt(stream).put(content);
        out.write(frame.array());
    }

    private static byte[] answer(DataInputStream in) throws IOException {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        while (true) {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] content = in.readNBytes(head >>> 8);
            byte type = (byte) head;
            if (stream == 1 && type == DATA) {
                messages.writeBytes(content);
            }
            boolean ends = type == DATA || type == HEADERS;
            if (stream == 1 && ends && (flags & END_STREAM) != 0) {
                return messages.toByteArray();
            }
        }
    }
}
