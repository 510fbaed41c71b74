package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadRunTest {
    private static final Workload WORKLOAD =
            new Workload(
                    "w",
                    List.of(
                            List.of(new Item.Text("a")),
                            List.of(new Item.Text("b"), new Item.Image(new byte[] {1, 2}))));

    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicReference<String> retryAfter = new AtomicReference<>();
    private final AtomicInteger stallOnce = new AtomicInteger();
    private HttpServer server;
    private String url;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext(
                "/embed",
                exchange -> {
                    bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    sleep(20 + stallOnce.getAndSet(0));
                    byte[] answer = "[0.5]".getBytes(UTF_8);
                    String again = retryAfter.get();
                    if (again != null) {
                        exchange.getResponseHeaders().set("Retry-After", again);
                    }
                    exchange.sendResponseHeaders(status.get(), answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        url = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sends_requests_in_turn_and_counts_their_inputs() throws InterruptedException {
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            Sample sample = run.run(Duration.ofMillis(600));
            int requests = bodies.size();
            assertThat(requests).isBetween(3, 31);
            assertThat(sample.items()).isEqualTo(requests + requests / 2);
            assertThat(bodies)
                    .startsWith(
                            "{\"inputs\":[\"a\"]}",
                            "{\"inputs\":[\"b\",{\"image\":\"AQI=\"}]}",
                            "{\"inputs\":[\"a\"]}");
            assertThat(sample.seconds()).isGreaterThanOrEqualTo(0.6);
            assertThat(sample.failed()).isZero();
            assertThat(traffic(sample).latency().getValueAtPercentile(50))
                    .isGreaterThanOrEqualTo(20_000);
            assertThat(sample.cpu().server()).isNaN();
            // The clock of a process's CPU may be too coarse for so little work.
            assertThat(sample.cpu().client()).isNotNegative();
        }
    }

    @Test
    void more_connections_do_more() throws InterruptedException {
        long alone;
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            alone = run.run(Duration.ofMillis(500)).items();
        }
        try (LoadRun run = run(4, new Arrivals.Closed(), OptionalLong.of(ownPid()))) {
            Sample sample = run.run(Duration.ofMillis(500));
            assertThat(sample.items()).isGreaterThan(alone);
            assertThat(sample.cpu().server()).isNotNegative();
        }
    }

    @Test
    void counts_errors_by_status() throws InterruptedException {
        status.set(500);
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            Sample sample = run.run(Duration.ofMillis(500));
            assertThat(sample.items()).isZero();
            assertThat(traffic(sample).errors()).containsOnlyKeys(500);
            assertThat(sample.failed()).isEqualTo(bodies.size());
            assertThatThrownBy(run::probe).hasMessageContaining("answers 500: [0.5]");
        }
        server.stop(0);
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            assertThat(traffic(run.run(Duration.ofMillis(500))).errors()).containsOnlyKeys(0);
            assertThatThrownBy(run::probe).isInstanceOf(BenchException.class);
        }
    }

    @Test
    void tells_refusals_from_failures() throws InterruptedException {
        status.set(503);
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            Sample sample = run.run(Duration.ofMillis(500));
            assertThat(sample.failed()).isZero();
            assertThat(sample.refused()).isEqualTo(bodies.size());
            assertThat(traffic(sample).withoutRetryAfter()).isEqualTo(bodies.size());
            assertThat(traffic(sample).refusals().getValueAtPercentile(50))
                    .isGreaterThanOrEqualTo(20_000);
            retryAfter.set("2");
            assertThat(traffic(run.run(Duration.ofMillis(200))).withoutRetryAfter()).isZero();
        }
    }

    @Test
    void sends_headers_that_are_asked_for() {
        Endpoint endpoint =
                Endpoint.of("http://h", Format.COSPACE, "m", List.of("Priority: u=6", "A: b"));
        assertThat(new String(endpoint.prepare(WORKLOAD).getFirst().bytes(), UTF_8))
                .contains("Content-Length: 16\r\nPriority: u=6\r\nA: b\r\n\r\n{");
        for (String bad : List.of("Priority", "A: b\r\nC: d", ": x")) {
            assertThatThrownBy(() -> Endpoint.of("http://h", Format.COSPACE, "m", List.of(bad)))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("must be Name: value");
        }
    }

    @Test
    void an_open_loop_sees_waiting_behind_a_stall() throws InterruptedException {
        try (LoadRun run = run(1, new Arrivals.Open(25, 3), OptionalLong.empty())) {
            run.probe();
            stallOnce.set(600);
            Sample sample = run.run(Duration.ofSeconds(1));
            // One request stalls for 0.6 s; some fifteen others were due behind it and must wait.
            long waited = traffic(sample).latency().getCountBetweenValues(100_000, 10_000_000);
            assertThat(waited).isGreaterThan(5);
            assertThat(bodies.size()).isBetween(10, 45);
        }
    }

    @Test
    void arrivals_keep_their_rate_and_their_seed() throws InterruptedException {
        assertThat(offsets(4)).isEqualTo(offsets(4)).isNotEqualTo(offsets(5));
        assertThat((double) offsets(4).size()).isCloseTo(20_000, within(600.0));
    }

    /** A second that is over already: nothing waits. */
    private static List<Long> offsets(long seed) throws InterruptedException {
        long start = System.nanoTime() - 2_000_000_000L;
        Arrivals.Plan plan = new Arrivals.Open(20_000, seed).plan(start, start + 1_000_000_000L);
        List<Long> offsets = new ArrayList<>();
        for (OptionalLong due = plan.next(); due.isPresent(); due = plan.next()) {
            offsets.add(due.getAsLong() - start);
        }
        return offsets;
    }

    @Test
    void tells_of_each_interval_while_it_runs() throws InterruptedException {
        List<Sample> intervals = new ArrayList<>();
        try (LoadRun run = run(1, new Arrivals.Closed(), OptionalLong.empty())) {
            run.watch(Duration.ofMillis(700), Duration.ofMillis(250), intervals::add);
        }
        assertThat(intervals).hasSizeBetween(2, 4);
        assertThat(intervals.stream().mapToLong(s -> traffic(s).answered()).sum())
                .isEqualTo(bodies.size());
        long sent = intervals.stream().mapToLong(s -> traffic(s).sentBytes()).sum();
        assertThat(sent).isGreaterThan(100L * bodies.size());
        assertThat(intervals.stream().mapToLong(s -> traffic(s).answerBytes()).sum())
                .isEqualTo(5L * bodies.size());
    }

    @Test
    void refuses_a_process_that_is_not_there() {
        assertThatThrownBy(() -> run(1, new Arrivals.Closed(), OptionalLong.of(Integer.MAX_VALUE)))
                .isInstanceOf(BenchException.class)
                .hasMessage("there is no process 2147483647");
    }

    private static Traffic traffic(Sample sample) {
        return Objects.requireNonNull(sample.traffic());
    }

    private LoadRun run(int connections, Arrivals arrivals, OptionalLong pid) {
        Endpoint endpoint = Endpoint.of(url, Format.COSPACE);
        return new LoadRun(endpoint, WORKLOAD, connections, arrivals, pid);
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
