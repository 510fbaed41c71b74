package io.cospace.service.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Keeps the dispatchers alive: gives a dead one a new thread, gives up on a run that does not come
 * back, and drops entries whose time has passed. Thread-safe.
 */
final class Supervisor {

    private final Engine engine;

    /** Starts a thread that turns a {@link Dispatcher} for the member; a test turns it by hand. */
    private final BiConsumer<Supervisor, Crew.Member> starter;

    Supervisor(Engine engine, BiConsumer<Supervisor, Crew.Member> starter) {
        this.engine = engine;
        this.starter = starter;
    }

    Engine engine() {
        return engine;
    }

    /** A new thread for a member whose last one was ended by a failure of its own. */
    void died(Crew.Member member, Throwable cause) {
        Optional<Batch<?, ?>> left =
                engine.locked(() -> Optional.ofNullable(engine.crew().release(member)));
        left.ifPresent(
                batch -> engine.fail(batch, new RunFailedException("the dispatcher died", cause)));
        if (!engine.isClosed() && !engine.locked(() -> engine.crew().isAbandoned(member))) {
            engine.listener().dispatcherReplaced(member.index, "died: " + cause);
            start(member);
        }
    }

    /** A thread that cannot be had now is tried again at the next tick, and until then reported. */
    void start(Crew.Member member) {
        try {
            starter.accept(this, member);
            engine.inLock(() -> engine.crew().found(member));
        } catch (RuntimeException | OutOfMemoryError e) {
            String reason = "no thread for dispatcher %d: %s".formatted(member.index, e);
            engine.inLock(() -> engine.crew().lost(member, reason));
        }
    }

    /** The watchdog's turn. */
    void tick() {
        List<Crew.Member> starters = new ArrayList<>();
        List<Crew.Overrun> overruns = engine.locked(() -> review(starters));
        for (Crew.Overrun overrun : overruns) {
            engine.fail(overrun.batch(), new RunFailedException(overrun.reason()));
            engine.listener().dispatcherReplaced(overrun.member().index, overrun.reason());
        }
        starters.forEach(this::start);
    }

    /** Inside the lock: the runs to give up on, and the members that need a thread. */
    private List<Crew.Overrun> review(List<Crew.Member> starters) {
        long now = engine.now();
        engine.backlog().dropLate(now);
        starters.addAll(engine.crew().lost());
        List<Crew.Overrun> overruns = engine.crew().overruns(now);
        for (Crew.Overrun overrun : overruns) {
            engine.crew().abandon(overrun, now).ifPresent(starters::add);
        }
        return overruns;
    }
}
