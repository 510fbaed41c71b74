package io.cospace.service.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a Service of Kubernetes does, in small: asks every backend twice a second whether it is
 * ready, and hands calls to those that were in turn. It tries nothing twice.
 */
final class ReadinessProxy implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ServedContainer> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<ServedContainer> ready = List.of();

    ReadinessProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::forward);
        server.setExecutor(threads);
        server.start();
        Thread _ = Thread.ofPlatform().daemon().name("readiness").start(this::probe);
    }

    void add(ServedContainer backend) {
        all.add(backend);
    }

    int ready() {
        return ready.size();
    }

    void awaitReady(int count) throws InterruptedException {
        while (ready.size() < count) {
            Thread.sleep(20);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void probe() {
        try {
            while (!threads.isShutdown()) {
                ready = all.stream().filter(ReadinessProxy::isReady).toList();
                Thread.sleep(500);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReady(ServedContainer backend) {
        try {
            return Http.get(backend.management("/q/health/ready")).statusCode() == 200;
        } catch (IOException | IllegalStateException _) {
            return false; // it has ended, and its ports are no longer mapped
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            List<ServedContainer> backends = ready;
            if (backends.isEmpty()) {
                exchange.sendResponseHeaders(502, -1);
                return;
            }
            ServedContainer backend =
                    backends.get(Math.floorMod(turn.getAndIncrement(), backends.size()));
            HttpResponse<String> answer =
                    Http.post(
                            backend.api(exchange.getRequestURI().getPath()),
                            exchange.getRequestHeaders().getFirst("Content-Type"),
                            body);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
