package io.cospace.evaluate.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What a load gathers from its threads: they add, one other takes. */
final class Tally {
    private static final long HIGHEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;
    private static final int DIGITS = 3;

    private final LongAdder items = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder answerBytes = new LongAdder();
    private final LongAdder withoutRetryAfter = new LongAdder();
    private final Map<Integer, LongAdder> errors = new ConcurrentHashMap<>();
    private final Recorder latency = new Recorder(HIGHEST_MICROS, DIGITS);
    private final Recorder refusals = new Recorder(HIGHEST_MICROS, DIGITS);
    private final AtomicLong lastEnd = new AtomicLong();

    Tally(long start) {
        lastEnd.set(start);
    }

    /**
     * Adds a request.
     *
     * @param due when it was to be sent, {@code sent} when it was, {@code end} when it had its
     *     answer, in {@link System#nanoTime}
     * @param hidden whether an answer of status 200 holds errors
     */
    void add(
            Endpoint.Prepared request,
            Connection.Answer answer,
            boolean hidden,
            long due,
            long sent,
            long end) {
        lastEnd.accumulateAndGet(end, Math::max);
        sentBytes.add(request.bytes().length);
        answerBytes.add(answer.bytes());
        int status = answer.status();
        if (status == 200 && !hidden) {
            items.add(request.items());
            latency.recordValue(micros(due, end));
        } else if (status == 429 || status == 503) {
            refusals.recordValue(micros(sent, end));
            withoutRetryAfter.add(answer.retryAfter() ? 0 : 1);
        } else {
            errors.computeIfAbsent(status, s -> new LongAdder()).increment();
        }
    }

    private static long micros(long from, long to) {
        return Math.clamp((to - from) / 1000, 0, HIGHEST_MICROS);
    }

    /** The end of the last request, in {@link System#nanoTime}. */
    long lastEnd() {
        return lastEnd.get();
    }

    /** Everything since the last call; what is added meanwhile counts here or next time. */
    Sample take(double seconds, Cpu cpu) {
        Map<Integer, Long> failed = new TreeMap<>();
        errors.forEach((status, count) -> {
            long n = count.sumThenReset();
            if (n > 0) {
                failed.put(status, n);
            }
        });
        return new Sample(
                items.sumThenReset(),
                seconds,
                cpu,
                new Traffic(
                        latency.getIntervalHistogram(),
                        refusals.getIntervalHistogram(),
                        withoutRetryAfter.sumThenReset(),
                        failed,
                        sentBytes.sumThenReset(),
                        answerBytes.sumThenReset()));
    }
}
