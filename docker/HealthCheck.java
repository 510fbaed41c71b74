import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Exit code 0 when the service in this container is ready, 1 when it is not. Nothing but a socket,
 * so that it takes a tenth of a second.
 */
final class HealthCheck {

    private static final int MILLISECONDS = 4000;

    private HealthCheck() {}

    public static void main(String[] arguments) {
        String port = System.getenv().getOrDefault("QUARKUS_MANAGEMENT_PORT", "9000");
        String answer;
        try (Socket socket = new Socket()) {
            InetAddress self = InetAddress.getLoopbackAddress();
            socket.connect(new InetSocketAddress(self, Integer.parseInt(port)), MILLISECONDS);
            socket.setSoTimeout(MILLISECONDS);
            socket.getOutputStream()
                    .write(
                            "GET /q/health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            answer = firstLine(socket.getInputStream());
        } catch (IOException e) {
            answer = "no answer on port " + port + ": " + e.getMessage();
        }
        System.out.println(answer);
        System.exit(answer.contains(" 200 ") ? 0 : 1);
    }

    private static String firstLine(InputStream answer) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = answer.read(); next >= ' '; next = answer.read()) {
            line.append((char) next);
        }
        return line.toString();
    }
}
