package io.cospace.service.admission;

import io.cospace.service.batching.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The door of the service, the same for every transport. A call shows its credentials and gets a
 * {@link Permit}, or a {@link Refusal} that says why and when to come back. Thread-safe; each step
 * takes microseconds.
 */
public final class Admission {

    /** Another instance answers a refused call of a draining one at once. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);

    /** Whoever would wait no longer is let in, however many are inside. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(50);

    /** Nobody knows when a call of the same key will end. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AdmissionSettings settings;
    private final Optional<KeyRing> keys;
    private final Function<Priority, Duration> predictedWait;
    private final AdmissionListener listener;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final Map<String, KeyUsage> usages = new ConcurrentHashMap<>();
    private final CallsInside inside = new CallsInside();
    private final AtomicInteger openCalls = new AtomicInteger();

    /**
     * @param keys empty: everybody may come in, as {@code anonymous}
     * @param predictedWait of a call of a class that came now; as {@link
     *     io.cospace.service.batching.Dispatchers#predictedWait}
     */
    public Admission(
            AdmissionSettings settings,
            Optional<KeyRing> keys,
            Function<Priority, Duration> predictedWait,
            AdmissionListener listener) {
        this(settings, keys, predictedWait, listener, System::nanoTime, InstantSource.system());
    }

    Admission(
            AdmissionSettings settings,
            Optional<KeyRing> keys,
            Function<Priority, Duration> predictedWait,
            AdmissionListener listener,
            LongSupplier nanoClock,
            InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.predictedWait = predictedWait;
        this.listener = listener;
        this.nanoClock = nanoClock;
        this.clock = clock;
    }

    /**
     * Lets a call in, before its body is read.
     *
     * @param asked the class it asks for, or its route's default
     * @param timeout the time it names; empty: the default
     * @throws RefusalException when it may not
     */
    public Permit enter(Credentials credentials, Priority asked, Optional<Duration> timeout) {
        long now = nanoClock.getAsLong();
        if (inside.isDraining()) {
            throw draining();
        }
        ApiKey key = authenticate(credentials);
        KeyUsage usage = usage(key, now);
        Priority priority = key.cap(asked);
        Duration time = shorter(timeout.orElse(settings.defaultTimeout()), settings.maxTimeout());
        requireShortWait(key, priority, time);
        requireRate(key, usage, 0);
        if (!usage.enter()) {
            throw refuse(
                    key.name(),
                    new Refusal.RateLimited(
                            "concurrency",
                            "%d calls of this key run; at most %d at once"
                                    .formatted(
                                            key.limits().concurrency(), key.limits().concurrency()),
                            SOON,
                            usage.headers(now)));
        }
        Permit permit = new Permit(this, key, usage, priority, time, now + time.toNanos());
        if (!inside.enter(permit)) {
            permit.close();
            throw draining();
        }
        return permit;
    }

    /** Refuses every call from now on, and tells those inside that asked to be told. */
    public void drain() {
        inside.drain();
    }

    /** Waits until every call that was let in is over; false: some is not at the timeout. */
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        return inside.awaitEmpty(timeout);
    }

    /** Calls that were let in and are not over. */
    int inside() {
        return inside.size();
    }

    CallsInside calls() {
        return inside;
    }

    private RefusalException draining() {
        return refuse("unknown", new Refusal.Draining(ELSEWHERE));
    }

    private ApiKey authenticate(Credentials credentials) {
        if (keys.isEmpty()) {
            return ApiKey.anonymous(settings.anonymous());
        }
        Optional<String> shown = credentials.key();
        if (shown.isEmpty()) {
            throw refuse(
                    "unknown",
                    new Refusal.Unauthorized(
                            "this service needs an API key, as Authorization: Bearer or X-API-Key"));
        }
        ApiKey key =
                keys.get()
                        .find(shown.get())
                        .orElseThrow(() ->
                                refuse(
                                        "unknown",
                                        new Refusal.Unauthorized("the API key is not known here")));
        Instant now = clock.instant();
        if (key.isExpired(now)) {
            throw refuse(
                    key.name(),
                    new Refusal.Unauthorized("the API key of %s expired".formatted(key.name())));
        }
        return key;
    }

    /** The counters of a key; new ones when a reload has changed its limits. */
    private KeyUsage usage(ApiKey key, long nowNanos) {
        return usages.compute(
                key.name(),
                (_, old) ->
                        old != null && old.limits().equals(key.limits())
                                ? old
                                : new KeyUsage(key.limits(), nowNanos));
    }

    private void requireShortWait(ApiKey key, Priority priority, Duration timeout) {
        Duration wait = predictedWait.apply(priority);
        if (wait.compareTo(settings.maxWait()) > 0) {
            throw refuse(
                    key.name(), overloaded("queue-seconds", "longest", wait, settings.maxWait()));
        }
        if (wait.compareTo(timeout) > 0) {
            throw refuse(key.name(), overloaded("deadline", "time of this call", wait, timeout));
        }
        requireRoom(key, priority, wait);
    }

    /**
     * Whoever waits behind more calls than are worth waiting for is better off elsewhere, and makes
     * those behind wait as long.
     */
    private void requireRoom(ApiKey key, Priority priority, Duration wait) {
        int open = openCalls.get();
        if (priority == Priority.INTERACTIVE
                && open >= settings.maxOpenCalls()
                && wait.compareTo(SHORT_WAIT) >= 0) {
            throw refuse(
                    key.name(),
                    new Refusal.Overloaded(
                            "open-calls",
                            "%d calls are being answered, and one more would wait %d ms; at most %d"
                                    .formatted(open, wait.toMillis(), settings.maxOpenCalls()),
                            wait));
        }
    }

    /**
     * Counts a call that has arrived as open.
     *
     * @return whether it counts
     */
    boolean open(ApiKey key, Priority priority) {
        requireRoom(key, priority, predictedWait.apply(priority));
        if (priority == Priority.BULK) {
            return false;
        }
        openCalls.incrementAndGet();
        return true;
    }

    void closed() {
        openCalls.decrementAndGet();
    }

    private static Refusal overloaded(String reason, String what, Duration wait, Duration limit) {
        return new Refusal.Overloaded(
                reason,
                "the predicted wait is %d ms; the %s is %d ms"
                        .formatted(wait.toMillis(), what, limit.toMillis()),
                wait);
    }

    void charge(ApiKey key, KeyUsage usage, int items) {
        requireRate(key, usage, items);
    }

    /** With 0 items: whether the key is in debt. */
    private void requireRate(ApiKey key, KeyUsage usage, int items) {
        long now = nanoClock.getAsLong();
        Optional<Duration> wait = usage.take(items, now);
        if (wait.isPresent()) {
            throw refuse(
                    key.name(),
                    new Refusal.RateLimited(
                            "rate",
                            "%s may ask for %s items a second, %d at once; this call has %d"
                                    .formatted(
                                            key.name(),
                                            key.limits().itemsPerSecond(),
                                            key.limits().burst(),
                                            items),
                            wait.get(),
                            usage.headers(now)));
        }
    }

    RateLimitHeaders headers(KeyUsage usage) {
        return usage.headers(nanoClock.getAsLong());
    }

    private RefusalException refuse(String caller, Refusal refusal) {
        listener.refused(caller, refusal);
        return new RefusalException(refusal);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
