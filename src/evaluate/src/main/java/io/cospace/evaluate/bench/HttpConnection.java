package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection (RFC 9112) that sends requests built beforehand and reads
 * answers only as far as it must, so that the client takes little of the CPU that it shares with
 * the service. Not thread-safe.
 */
final class HttpConnection implements Connection {
    private static final int MAX_LINE = 16_384;

    private final InetSocketAddress address;
    private final Duration timeout;
    private final byte[] buffer = new byte[65_536];
    private int at;
    private int end;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    /** What the head of an answer says of its body. */
    private record Head(
            int status, long length, boolean chunked, boolean close, boolean retryAfter) {}

    HttpConnection(InetSocketAddress address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    /** A kept connection that the server closed in the meantime is opened again once. */
    @Override
    public Answer send(byte[] request, @Nullable ByteArrayOutputStream body) throws IOException {
        boolean kept = socket != null;
        try {
            return exchange(request, body);
        } catch (EOFException | SocketException e) {
            close();
            if (!kept) {
                throw e;
            }
            return exchange(request, body);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Answer exchange(byte[] request, @Nullable ByteArrayOutputStream body)
            throws IOException {
        Socket open = socket == null ? connect() : socket;
        open.getOutputStream().write(request);
        Head head = head();
        while (head.status() / 100 == 1) {
            head = head();
        }
        long bytes;
        if (head.chunked()) {
            bytes = chunks(body);
        } else if (head.length() >= 0) {
            take(head.length(), body);
            bytes = head.length();
        } else if (head.status() == 204 || head.status() == 304) {
            bytes = 0;
        } else {
            throw new IOException("an answer of unknown length");
        }
        if (head.close()) {
            close();
        }
        return new Answer(head.status(), bytes, head.retryAfter());
    }

    private Socket connect() throws IOException {
        Socket opened = new Socket();
        try {
            opened.setTcpNoDelay(true);
            opened.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            opened.connect(address, Math.toIntExact(timeout.toMillis()));
            in = opened.getInputStream();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        at = 0;
        end = 0;
        socket = opened;
        return opened;
    }

    private Head head() throws IOException {
        String status = line();
        if (!status.matches("HTTP/1\\.[01] [1-5]\\d\\d.*")) {
            throw new IOException("no HTTP answer: " + status);
        }
        long length = -1;
        boolean chunked = false;
        boolean close = false;
        boolean retryAfter = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "connection" -> close = value.equalsIgnoreCase("close");
                case "retry-after" -> retryAfter = value.matches("\\d+");
                default -> {}
            }
        }
        return new Head(
                Integer.parseInt(status.substring(9, 12)), length, chunked, close, retryAfter);
    }

    private long chunks(@Nullable ByteArrayOutputStream body) throws IOException {
        long total = 0;
        while (true) {
            String size = line();
            int extension = size.indexOf(';');
            long length = number(extension < 0 ? size : size.substring(0, extension), 16);
            if (length == 0) {
                while (!line().isEmpty()) {
                    // A trailer field; nobody needs it.
                }
                return total;
            }
            take(length, body);
            total += length;
            line();
        }
    }

    private static long number(String digits, int radix) throws IOException {
        try {
            return Long.parseUnsignedLong(digits.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("a length is \"" + digits + "\"", e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fill();
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.append(new String(buffer, from, at - from, ISO_8859_1));
            if (line.length() > MAX_LINE) {
                throw new IOException("a header line is longer than " + MAX_LINE);
            }
            if (at < end) {
                at++;
                int length = line.length();
                boolean cr = length > 0 && line.charAt(length - 1) == '\r';
                return cr ? line.substring(0, length - 1) : line.toString();
            }
        }
    }

    private void take(long length, @Nullable ByteArrayOutputStream body) throws IOException {
        long left = length;
        while (left > 0) {
            fill();
            int n = (int) Math.min(left, end - at);
            if (body != null) {
                body.write(buffer, at, n);
            }
            at += n;
            left -= n;
        }
    }

    /** Makes sure that at least one byte is buffered. */
    private void fill() throws IOException {
        if (at == end) {
            InputStream source = in;
            int n = source == null ? -1 : source.read(buffer);
            if (n < 0) {
                throw new EOFException("the server closed the connection");
            }
            at = 0;
            end = n;
        }
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Nothing is left to do with a socket that cannot even be closed.
            }
        }
    }
}
