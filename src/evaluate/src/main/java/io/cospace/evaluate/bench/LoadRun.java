package io.cospace.evaluate.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Load on a service over HTTP or gRPC, from connections that stay open.
 *
 * <p>Closed loop: each connection sends its next request when the last was answered; the latency is
 * that of a request from its own start: what one caller sees who waits for each answer, and too
 * friendly a figure for callers who do not wait. Open loop: requests arrive at a rate whatever the
 * service does, and the latency counts from the planned arrival, so that waiting for a free
 * connection or behind a stall is seen (no coordinated omission; G. Tene, "How NOT to Measure
 * Latency").
 */
public final class LoadRun implements Contestant {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final byte[] LINE_OF_ERROR = "\"error\":".getBytes(StandardCharsets.UTF_8);

    private final String name;
    private final boolean readsAnswers;
    private final List<Endpoint.Prepared> requests;
    private final List<Connection> connections = new ArrayList<>();
    private final Arrivals arrivals;
    private final OptionalLong pid;
    private final AtomicLong next = new AtomicLong();

    /**
     * A load.
     *
     * @param connections how many are open at once
     * @param arrivals when requests are sent
     * @param pid the service's process, to tell its CPU time; it must run on this machine
     */
    public LoadRun(
            Endpoint endpoint,
            Workload workload,
            int connections,
            Arrivals arrivals,
            OptionalLong pid) {
        if (connections < 1) {
            throw new BenchException("connections are " + connections + "; must be 1 or more");
        }
        if (pid.isPresent() && ProcessHandle.of(pid.getAsLong()).isEmpty()) {
            throw new BenchException("there is no process " + pid.getAsLong());
        }
        this.name = endpoint.uri().toString();
        this.readsAnswers = endpoint.format().hidesErrors();
        this.requests = endpoint.prepare(workload);
        this.arrivals = arrivals;
        this.pid = pid;
        for (int i = 0; i < connections; i++) {
            this.connections.add(endpoint.connect(TIMEOUT));
        }
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Sends the first request alone and returns the answer's body.
     *
     * @throws BenchException if it is not answered with 200: a load of errors measures nothing
     */
    public byte[] probe() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            int status = connections.getFirst().send(requests.getFirst().bytes(), body).status();
            if (status != 200 || (readsAnswers && holdsError(body.toByteArray()))) {
                String text = body.toString(StandardCharsets.UTF_8);
                throw new BenchException(
                        "%s answers %d: %s"
                                .formatted(
                                        name,
                                        status,
                                        text.substring(0, Math.min(300, text.length()))));
            }
        } catch (IOException e) {
            throw new BenchException(name + ": " + e.getMessage());
        }
        return body.toByteArray();
    }

    /** The time runs until the last answer, so a service that answers in bursts is not cut off. */
    @Override
    public Sample run(Duration duration) throws InterruptedException {
        List<Sample> whole = new ArrayList<>(1);
        watch(duration, FOR_EVER, whole::add);
        return whole.getFirst();
    }

    /**
     * Runs once and tells meanwhile what happened in each interval; the last one ends with the last
     * answer.
     *
     * @param every how long an interval is
     * @param to takes the intervals, on the calling thread
     */
    public void watch(Duration duration, Duration every, Consumer<Sample> to)
            throws InterruptedException {
        CpuMeter meter = CpuMeter.ofService(pid);
        long start = System.nanoTime();
        Tally tally = new Tally(start);
        Arrivals.Plan plan = arrivals.plan(start, start + duration.toNanos());
        try (ExecutorService pool = Executors.newFixedThreadPool(connections.size())) {
            List<Future<?>> workers = new ArrayList<>();
            for (Connection connection : connections) {
                workers.add(
                        pool.submit(() -> {
                            work(connection, plan, tally);
                            return null;
                        }));
            }
            pool.shutdown();
            long from = start;
            long next = start + every.toNanos();
            while (!pool.awaitTermination(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                to.accept(tally.take((now - from) / 1e9, meter.lap()));
                from = now;
                next += every.toNanos();
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
            if (tally.lastEnd() > from || from == start) {
                to.accept(tally.take((tally.lastEnd() - from) / 1e9, meter.lap()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("this is a bug: a worker failed", e.getCause());
        }
    }

    private void work(Connection connection, Arrivals.Plan plan, Tally tally)
            throws InterruptedException {
        ByteArrayOutputStream body = readsAnswers ? new ByteArrayOutputStream() : null;
        for (OptionalLong due = plan.next(); due.isPresent(); due = plan.next()) {
            Endpoint.Prepared request =
                    requests.get((int) (next.getAndIncrement() % requests.size()));
            if (body != null) {
                body.reset();
            }
            long sent = System.nanoTime();
            Connection.Answer answer = send(connection, request, body);
            long end = System.nanoTime();
            boolean hidden = body != null && holdsError(body.toByteArray());
            tally.add(request, answer, hidden, due.getAsLong(), sent, end);
            if (answer.status() == 0) {
                TimeUnit.MILLISECONDS.sleep(10); // a service that is gone is not hammered
            }
        }
    }

    /** Whether a line of an answer is an error: such answers have status 200. */
    private static boolean holdsError(byte[] lines) {
        for (int i = 0; i + LINE_OF_ERROR.length <= lines.length; i++) {
            int end = i + LINE_OF_ERROR.length;
            if (Arrays.equals(lines, i, end, LINE_OF_ERROR, 0, LINE_OF_ERROR.length)) {
                return true;
            }
        }
        return false;
    }

    /** The answer; status 0 where there is none. */
    private static Connection.Answer send(
            Connection connection,
            Endpoint.Prepared request,
            @Nullable ByteArrayOutputStream body) {
        try {
            return connection.send(request.bytes(), body);
        } catch (IOException e) {
            return new Connection.Answer(0, 0, false);
        }
    }

    @Override
    public void close() {
        connections.forEach(Connection::close);
    }
}
