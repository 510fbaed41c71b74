package io.cospace.service;

import io.cospace.service.admission.Drain;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the process on SIGTERM: drains, then exits with code 0. A second SIGTERM cuts the drain
 * short; SIGINT (Ctrl-C) ends the process at once, as ever.
 */
@Singleton
final class Termination {

    private static final System.Logger LOG = System.getLogger(Termination.class.getName());

    private final Drain drain;
    private final AtomicBoolean told = new AtomicBoolean();

    Termination(Drain drain) {
        this.drain = drain;
    }

    void start(@Observes StartupEvent event) {
        // Tests and live reload end in their own ways, and have no clients to lose.
        if (LaunchMode.current() == LaunchMode.NORMAL && !TermSignal.handle(this::term)) {
            LOG.log(Level.WARNING, "SIGTERM cannot be handled here: it will end calls in flight");
        }
    }

    private void term() {
        if (told.compareAndSet(false, true)) {
            Thread _ = Thread.ofPlatform().name("cospace-drain").start(this::end);
        } else {
            Quarkus.asyncExit(0);
        }
    }

    private void end() {
        try {
            boolean _ = drain.run();
        } catch (InterruptedException | RuntimeException e) {
            LOG.log(Level.ERROR, "the drain was broken off", e);
        } finally {
            Quarkus.asyncExit(0);
        }
    }
}
