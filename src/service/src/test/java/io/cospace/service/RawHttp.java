package io.cospace.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** HTTP/1 by hand, for what no client would send. */
public final class RawHttp {

    private RawHttp() {}

    /**
     * All that a server on this machine answers until it closes the connection.
     *
     * @param request in ISO 8859-1, which has a character for each byte; asks for the close
     */
    public static String answer(int port, String request) throws IOException {
        return answer(port, request, false);
    }

    /** As {@link #answer}, of a client that says that nothing more comes. */
    public static String answerToHalfClosed(int port, String request) throws IOException {
        return answer(port, request, true);
    }

    private static String answer(int port, String request, boolean halfClose) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            if (halfClose) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A GET of a path. */
    public static String get(int port, String path) throws IOException {
        return answer(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
}
