package io.cospace.service.batching;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Interactive texts at random times beside bulk calls that come back as soon as they are answered,
 * on dispatchers and a clock that the simulation turns: what the policy alone does to waits, on a
 * machine that does nothing else. Each run takes what its lane predicts, give or take a tenth.
 */
final class BesideBulk {

    /** The bundled text tower on a core that shares its machine: 32 texts of 8 tokens 65 ms. */
    static final CostModel COST = CostModel.linear(2, 0.245);

    private static final int SHORT_TOKENS = 8;
    private static final int BULK_TEXTS = 32;
    private static final int NO_CALL = -1;
    private static final double NANOS_PER_MILLI = 1e6;

    /** What an item is: when it came, and the call it belongs to; an interactive one has none. */
    private record Item(long since, int call) {}

    private final Random random;
    private final int dispatchers;
    private final int bulkCalls;
    private final double ratePerSecond;
    private final Engine engine;
    private final Lane<Item, Item> lane;
    private final List<Crew.Member> members = new ArrayList<>();
    private final @Nullable Batch<?, ?>[] running;
    private final long[] ends;
    private final int[] open;

    private long nanos = 1_000_000_000L;
    private final List<Double> interactiveMillis = new ArrayList<>();
    private final List<Double> bulkRunMillis = new ArrayList<>();
    private long bulkTokens;

    BesideBulk(int dispatchers, int bulkCalls, double ratePerSecond, long seed) {
        this.random = new Random(seed);
        this.dispatchers = dispatchers;
        this.bulkCalls = bulkCalls;
        this.ratePerSecond = ratePerSecond;
        this.engine =
                new Engine(
                        DispatcherSettings.of(dispatchers, QueueLimits.defaults()),
                        BatchListener.NONE,
                        () -> nanos);
        this.lane =
                new Dispatchers(engine)
                        .lane(
                                LaneSettings.of("text", 32, 256),
                                COST,
                                (items, _) -> items,
                                _ -> true);
        this.running = new Batch<?, ?>[dispatchers];
        this.ends = new long[dispatchers];
        this.open = new int[bulkCalls];
        for (int d = 0; d < dispatchers; d++) {
            members.add(engine.member(d));
        }
    }

    BesideBulk run(Duration time) {
        long end = nanos + time.toNanos();
        for (int call = 0; call < bulkCalls; call++) {
            bulk(call);
        }
        long arrival = nextArrival();
        while (nanos < end) {
            dispatch();
            long soonest = arrival;
            for (int d = 0; d < dispatchers; d++) {
                if (running[d] != null) {
                    soonest = Math.min(soonest, ends[d]);
                }
            }
            nanos = soonest;
            if (soonest == arrival) {
                Item item = new Item(nanos, NO_CALL);
                var _ = lane.submit(HandDriven.job(item, SHORT_TOKENS, Priority.INTERACTIVE));
                arrival = nextArrival();
            } else {
                finish();
            }
        }
        return this;
    }

    private long nextArrival() {
        if (ratePerSecond == 0) {
            return Long.MAX_VALUE;
        }
        return nanos + (long) (-Math.log(1 - random.nextDouble()) / ratePerSecond * 1e9);
    }

    /** A call of mixed texts: log-normal, 5 to 287 tokens, 54 on average. */
    private void bulk(int call) {
        List<Job<Item>> jobs = new ArrayList<>();
        for (int i = 0; i < BULK_TEXTS; i++) {
            int tokens = (int) Math.clamp(Math.exp(3.72 + 0.73 * random.nextGaussian()), 5, 287);
            jobs.add(HandDriven.job(new Item(nanos, call), tokens, Priority.BULK));
        }
        open[call] = BULK_TEXTS;
        var _ = lane.submitAll(jobs);
    }

    private void dispatch() {
        for (int d = 0; d < dispatchers; d++) {
            Crew.Member member = members.get(d);
            if (running[d] == null && engine.poll(member)) {
                Batch<?, ?> batch = requireNonNull(engine.advance(member));
                double millis = batch.predictedMillis() * (0.9 + 0.2 * random.nextDouble());
                running[d] = batch;
                ends[d] = nanos + (long) (millis * NANOS_PER_MILLI);
                if (batch.priority() == Priority.BULK) {
                    bulkRunMillis.add(millis);
                    bulkTokens += batch.units();
                }
            }
        }
    }

    private void finish() {
        for (int d = 0; d < dispatchers; d++) {
            Batch<?, ?> batch = running[d];
            if (batch == null || ends[d] != nanos) {
                continue;
            }
            running[d] = null;
            engine.finish(batch);
            engine.advance(members.get(d));
            for (Entry<?, ?> entry : batch.entries()) {
                Item item = (Item) entry.item;
                if (item.call == NO_CALL) {
                    interactiveMillis.add((nanos - item.since) / NANOS_PER_MILLI);
                } else if (--open[item.call] == 0) {
                    bulk(item.call);
                }
            }
        }
    }

    /** 99 of 100 interactive items are answered in this time, in milliseconds. */
    double interactiveP99() {
        double[] sorted = interactiveMillis.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted[sorted.length * 99 / 100];
    }

    /** Mean time of a bulk batch, in milliseconds. */
    double bulkRun() {
        return bulkRunMillis.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    /** Bulk tokens for each millisecond that bulk batches ran. */
    double bulkTokensAMilli() {
        return bulkTokens / bulkRunMillis.stream().mapToDouble(v -> v).sum();
    }
}
