package io.cospace.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that call without a pause until they are told to go elsewhere, on sockets of their own:
 * unlike an HTTP library they see every byte, and try nothing twice.
 */
public final class Callers implements AutoCloseable {

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    public Callers(int port, int count) {
        this.port = port;
        for (int i = 0; i < count; i++) {
            int caller = i;
            threads.add(Thread.ofPlatform().daemon().unstarted(() -> callOn(caller)));
        }
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    int answered() {
        return answered.get();
    }

    /** What should not have happened. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    public void awaitAnswers(int count) throws InterruptedException {
        while (answered.get() < count && faults.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Waits for the callers, who end by themselves when the process does. */
    public void finish() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            if (thread.isAlive()) {
                faults.add("a caller still waits for its answer");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void callOn(int caller) {
        try (Socket socket = connect(port)) {
            boolean open = true;
            for (int call = 0; open && !closed; call++) {
                open = call(socket, "caller %d, call %d".formatted(caller, call));
            }
        } catch (IOException e) {
            faults.add(e.toString());
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Bytes of a call with two texts. */
    static byte[] request(String text) {
        String body = "{\"inputs\": [\"%s\", \"and another text\"]}".formatted(text);
        return ("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Calls once; false when the connection is to be used no more. */
    private boolean call(Socket socket, String text) {
        Answer answer;
        try {
            socket.getOutputStream().write(request(text));
            answer = Answer.read(socket);
        } catch (IOException e) {
            faults.add(text + " got no answer: " + e);
            return false;
        }
        if (answer.isFull()) {
            answered.incrementAndGet();
        } else if (!answer.isRefusal()) {
            faults.add(text + " got " + answer);
        }
        return !answer.isLast();
    }

    /** An answer as it came. */
    record Answer(int status, Map<String, String> fields, String body) {

        /** Two vectors. */
        boolean isFull() {
            return status == 200 && body.contains("\"index\":1");
        }

        boolean isLast() {
            return "close".equals(fields.get("connection"));
        }

        /** The refusal of a process that ends. */
        boolean isRefusal() {
            return status == 503
                    && isLast()
                    && "1".equals(fields.get("retry-after"))
                    && body.contains("/problems/draining");
        }

        /** Reads one answer. */
        static Answer read(Socket socket) throws IOException {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String status = in.readLine();
            if (status == null) {
                throw new IOException("the connection was closed");
            }
            Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            String line;
            while ((line = in.readLine()) != null && !line.isEmpty()) {
                String[] field = line.split(": ", 2);
                fields.put(field[0], field[1]);
            }
            char[] body = new char[Integer.parseInt(fields.getOrDefault("content-length", "0"))];
            int length = 0;
            while (length < body.length) {
                int read = in.read(body, length, body.length - length);
                if (read < 0) {
                    throw new IOException("the answer ends after %d chars".formatted(length));
                }
                length += read;
            }
            return new Answer(Integer.parseInt(status.split(" ", 3)[1]), fields, new String(body));
        }
    }
}
