package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Dispatchers without threads: the test turns the clock and moves each dispatcher by hand. */
final class HandDriven {

    final Engine engine;
    final Supervisor supervisor;
    final Dispatchers dispatchers;
    final Recorder recorder = new Recorder();

    /** Members that got a thread; their first one is not counted. */
    final List<Integer> started = new ArrayList<>();

    private long nanos = 1_000_000_000L;

    HandDriven(DispatcherSettings settings) {
        engine = new Engine(settings, recorder, () -> nanos);
        supervisor = new Supervisor(engine, (_, member) -> started.add(member.index));
        dispatchers = new Dispatchers(engine);
    }

    static HandDriven of(int count) {
        return new HandDriven(DispatcherSettings.of(count, QueueLimits.defaults()));
    }

    /** A lane of strings that are answered in upper case; each unit costs 1 ms. */
    Lane<String, String> lane(LaneSettings settings) {
        return dispatchers.lane(
                settings, CostModel.linear(0, 1), HandDriven::upperCase, result -> true);
    }

    static List<String> upperCase(List<String> items, Placement placement) {
        return items.stream().map(item -> item.toUpperCase(Locale.ROOT)).toList();
    }

    Dispatcher dispatcher(int index) {
        return new Dispatcher(supervisor, engine.member(index));
    }

    /** A dispatcher takes a batch and starts it; it is busy until the test lets it {@link #end}. */
    List<String> take(int dispatcher) {
        Crew.Member member = engine.member(dispatcher);
        if (!engine.poll(member)) {
            throw new AssertionError("nothing may run now");
        }
        Batch<?, ?> batch = engine.advance(member);
        if (batch == null) {
            throw new AssertionError("nothing in hand");
        }
        return items(batch);
    }

    /** Makes a dispatcher busy with an item of its own. */
    void occupy(int dispatcher, Lane<String, String> lane) {
        var _ = lane.submit(Job.of("busy" + dispatcher, 1, 1));
        take(dispatcher);
    }

    /** Lets go of the batch in hand, without an answer. */
    void end(int dispatcher) {
        Crew.Member member = engine.member(dispatcher);
        while (engine.advance(member) != null) {
            // the next part ends at once too
        }
    }

    /** Runs whatever waits on one dispatcher, until nothing may run. */
    int runAll(int dispatcher) {
        int runs = 0;
        while (dispatcher(dispatcher).step()) {
            runs++;
        }
        return runs;
    }

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    long now() {
        return nanos;
    }

    long in(Duration time) {
        return nanos + time.toNanos();
    }

    static <I> Job<I> job(I item, int units, Priority priority) {
        return new Job<>(item, units, 1, priority, Job.NO_DEADLINE, null);
    }

    static List<String> items(Batch<?, ?> batch) {
        return batch.entries().stream().map(entry -> (String) entry.item).toList();
    }

    /** Keeps what the listener was told. */
    static final class Recorder implements BatchListener {
        final List<BatchRun> runs = new ArrayList<>();
        final List<DropReason> dropped = new ArrayList<>();
        final List<RefusedException.Reason> refused = new ArrayList<>();
        final List<Lookup> lookups = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        final List<String> replaced = new ArrayList<>();

        @Override
        public synchronized void ran(BatchRun run) {
            runs.add(run);
        }

        @Override
        public synchronized void failed(String lane, Priority priority, Throwable cause) {
            failures.add(cause);
        }

        @Override
        public synchronized void refused(
                String lane, Priority priority, RefusedException.Reason reason, int items) {
            refused.add(reason);
        }

        @Override
        public synchronized void dropped(String lane, Priority priority, DropReason reason) {
            dropped.add(reason);
        }

        @Override
        public synchronized void lookedUp(String lane, Lookup lookup) {
            lookups.add(lookup);
        }

        @Override
        public synchronized void dispatcherReplaced(int dispatcher, String reason) {
            replaced.add(reason);
        }

        synchronized List<Integer> rows() {
            return runs.stream().map(BatchRun::rows).toList();
        }
    }
}
