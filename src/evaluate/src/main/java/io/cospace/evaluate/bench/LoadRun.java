package io.cospace.evaluate.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * Load on a service over HTTP, from connections that stay open.
 *
 * <p>Closed loop: each connection sends its next request when the last was answered; the latency is
 * that of a request from its own start. Open loop: requests arrive at a rate whatever the service
 * does, and the latency counts from the planned arrival, so that waiting for a free connection or
 * behind a stall is seen (no coordinated omission; G. Tene, "How NOT to Measure Latency").
 */
public final class LoadRun implements Contestant {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long HIGHEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;

    private final String name;
    private final List<Endpoint.Prepared> requests;
    private final List<HttpConnection> connections = new ArrayList<>();
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
        this.name = endpoint.uri().toString();
        this.requests = endpoint.prepare(workload);
        this.arrivals = arrivals;
        this.pid = pid;
        for (int i = 0; i < connections; i++) {
            this.connections.add(new HttpConnection(endpoint.address(), TIMEOUT));
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
            if (status != 200) {
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

    /** What one run gathers from its threads. */
    private static final class Tally {
        private final LongAdder items = new LongAdder();
        private final AtomicLong lastEnd = new AtomicLong();
        private final Map<Integer, Long> errors = new ConcurrentHashMap<>();
        private final LongAdder withoutRetryAfter = new LongAdder();
        private final Histogram latency = new Histogram(HIGHEST_MICROS, 3);
        private final Histogram refusals = new Histogram(HIGHEST_MICROS, 3);

        synchronized void add(Histogram latencies, Histogram refused) {
            latency.add(latencies);
            refusals.add(refused);
        }
    }

    /** The time runs until the last answer, so a service that answers in bursts is not cut off. */
    @Override
    public Sample run(Duration duration) throws InterruptedException {
        Tally tally = new Tally();
        double serverBefore = serverCpu();
        double clientBefore = CpuClock.own();
        long start = System.nanoTime();
        tally.lastEnd.set(start);
        Arrivals.Plan plan = arrivals.plan(start, start + duration.toNanos());
        try (ExecutorService pool = Executors.newFixedThreadPool(connections.size())) {
            List<Future<?>> workers = new ArrayList<>();
            for (HttpConnection connection : connections) {
                workers.add(
                        pool.submit(() -> {
                            work(connection, plan, tally);
                            return null;
                        }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("this is a bug: a worker failed", e.getCause());
        }
        return new Sample(
                tally.items.sum(),
                (tally.lastEnd.get() - start) / 1e9,
                serverCpu() - serverBefore,
                CpuClock.own() - clientBefore,
                tally.latency,
                tally.refusals,
                tally.withoutRetryAfter.sum(),
                tally.errors);
    }

    private double serverCpu() {
        return pid.isPresent() ? CpuClock.of(pid.getAsLong()) : Double.NaN;
    }

    private void work(HttpConnection connection, Arrivals.Plan plan, Tally tally)
            throws InterruptedException {
        Histogram latency = new Histogram(HIGHEST_MICROS, 3);
        Histogram refusals = new Histogram(HIGHEST_MICROS, 3);
        for (OptionalLong due = plan.next(); due.isPresent(); due = plan.next()) {
            Endpoint.Prepared request =
                    requests.get((int) (next.getAndIncrement() % requests.size()));
            long sent = System.nanoTime();
            HttpConnection.Answer answer = send(connection, request);
            long now = System.nanoTime();
            tally.lastEnd.accumulateAndGet(now, Math::max);
            switch (answer.status()) {
                case 200 -> {
                    tally.items.add(request.items());
                    latency.recordValue(micros(due.getAsLong(), now));
                }
                case 429, 503 -> {
                    refusals.recordValue(micros(sent, now));
                    tally.withoutRetryAfter.add(answer.retryAfter() ? 0 : 1);
                }
                case 0 -> {
                    tally.errors.merge(0, 1L, Long::sum);
                    TimeUnit.MILLISECONDS.sleep(10); // a service that is gone is not hammered
                }
                default -> tally.errors.merge(answer.status(), 1L, Long::sum);
            }
        }
        tally.add(latency, refusals);
    }

    private static long micros(long from, long to) {
        return Math.clamp((to - from) / 1000, 0, HIGHEST_MICROS);
    }

    /** The answer; status 0 where there is none. */
    private static HttpConnection.Answer send(
            HttpConnection connection, Endpoint.Prepared request) {
        try {
            return connection.send(request.bytes(), null);
        } catch (IOException e) {
            return new HttpConnection.Answer(0, 0, false);
        }
    }

    @Override
    public void close() {
        connections.forEach(HttpConnection::close);
    }
}
