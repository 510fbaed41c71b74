package io.cospace.service.batching;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The threads that run the batches of a set of lanes; on CPU one a core, shared by both towers. A
 * free dispatcher starts at once with what waits. Thread-safe.
 *
 * <pre>{@code
 * var dispatchers = Dispatchers.start(DispatcherSettings.of(cores, limits), listener);
 * var lane = dispatchers.lane(LaneSettings.of("text", 64, 256), model, tower::run, Vectors::finite);
 * float[] vector = lane.submit(Job.of(tokens, tokens.length(), bytes)).join().value();
 * }</pre>
 */
public final class Dispatchers implements AutoCloseable {

    /** How often late entries are dropped and stuck runs looked for. */
    private static final long TICK_MILLIS = 50;

    private final Engine engine;

    Dispatchers(Engine engine) {
        this.engine = engine;
    }

    /** Starts the dispatchers and their watchdog, all daemon threads. */
    public static Dispatchers start(DispatcherSettings settings, BatchListener listener) {
        return start(settings, listener, System::nanoTime);
    }

    static Dispatchers start(
            DispatcherSettings settings, BatchListener listener, LongSupplier nanoClock) {
        Engine engine = new Engine(settings, listener, nanoClock);
        Supervisor supervisor = new Supervisor(engine, Dispatchers::startThread);
        for (int index = 0; index < settings.dispatchers(); index++) {
            startThread(supervisor, engine.member(index));
        }
        Thread.ofPlatform().daemon().name("cospace-watchdog").start(() -> watch(supervisor));
        return new Dispatchers(engine);
    }

    private static void startThread(Supervisor supervisor, Crew.Member member) {
        Thread.ofPlatform()
                .daemon()
                .name("cospace-dispatcher-" + member.index)
                .start(() -> {
                    boolean _ = CpuShare.standBack(supervisor.engine().niceness());
                    new Dispatcher(supervisor, member).loop();
                });
    }

    private static void watch(Supervisor supervisor) {
        while (!supervisor.engine().isClosed()) {
            try {
                supervisor.tick();
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            } catch (InterruptedException _) {
                // Nobody may interrupt the watchdog; it ends when the dispatchers are closed.
            }
        }
    }

    /** A lane without cache; see the other method of this name. */
    public <I, O> Lane<I, O> lane(
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid) {
        return lane(settings, model, function, valid, ContentCache.none());
    }

    /**
     * Opens a lane.
     *
     * @param model first guess of the cost; {@link Lane#calibrate} replaces it
     * @param valid false for a result that must not be answered, such as a vector with NaN
     */
    public <I, O> Lane<I, O> lane(
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid,
            ContentCache<O> cache) {
        Lane<I, O> lane = new Lane<>(engine, settings, model, function, valid, cache);
        engine.open(lane);
        return lane;
    }

    /** Predicted wait of an item of that class that came now. */
    public Duration predictedWait(Priority priority) {
        return engine.predictedWait(priority);
    }

    /** The gauges of this moment. */
    public QueueLoad load() {
        return engine.load();
    }

    /**
     * Why the process should be restarted: a run that does not come back. Empty while all is well.
     */
    public Optional<String> stuck() {
        return engine.stuck();
    }

    /**
     * Refuses new items, finishes what waits in all lanes, and fails what is left at the timeout.
     *
     * @return whether everything was finished
     * @throws InterruptedException when interrupted; what waits in the lane that was being drained
     *     is then failed as at the timeout
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        List<Lane<?, ?>> lanes = engine.drain();
        long end = engine.now() + timeout.toNanos();
        boolean all = true;
        for (Lane<?, ?> lane : lanes) {
            all &= engine.drain(lane, Duration.ofNanos(Math.max(0, end - engine.now())));
        }
        return all;
    }

    /** Fails what waits and ends the threads; a batch that runs is finished first. */
    @Override
    public void close() {
        engine.close();
    }
}
