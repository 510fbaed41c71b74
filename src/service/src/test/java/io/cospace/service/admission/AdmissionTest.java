package io.cospace.service.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.service.batching.Priority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AdmissionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;

    private final Map<Priority, Duration> waits = new EnumMap<>(Priority.class);
    private final List<String> refused = new ArrayList<>();
    private long nanos = 5_000_000_000L;
    private Instant today = Instant.parse("2027-01-01T00:00:00Z");

    private Admission admission(Optional<KeyRing> keys, KeyLimits anonymous) {
        return new Admission(
                new AdmissionSettings(
                        Duration.ofSeconds(10),
                        3,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        anonymous),
                keys,
                priority -> waits.getOrDefault(priority, Duration.ZERO),
                this::note,
                () -> nanos,
                () -> today);
    }

    private synchronized void note(String caller, Refusal refusal) {
        refused.add(caller + " " + refusal.reason());
    }

    private Admission open() {
        return admission(Optional.empty(), KeyLimits.NONE);
    }

    private Admission keyed(String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), String.join("\n", lines));
        return admission(Optional.of(KeyRing.open(file)), KeyLimits.NONE);
    }

    private static Credentials key(String key) {
        return new Credentials(null, key);
    }

    private static Permit enter(Admission admission, Credentials credentials) {
        return admission.enter(credentials, Priority.INTERACTIVE, Optional.empty());
    }

    private static Refusal refusal(ThrowingCallable call) {
        RefusalException refused = catchThrowableOfType(RefusalException.class, call);
        assertThat(refused).as("the call is refused").isNotNull();
        assertThat(refused).hasMessage(refused.refusal().detail());
        return refused.refusal();
    }

    private static Refusal.RateLimited rateLimited(ThrowingCallable call) {
        assertThat(refusal(call)).isInstanceOf(Refusal.RateLimited.class);
        return (Refusal.RateLimited) refusal(call);
    }

    @Test
    void without_keys_everybody_may_come_in_and_gets_the_default_time() {
        Permit permit = enter(open(), Credentials.NONE);

        assertThat(permit.caller()).isEqualTo("anonymous");
        assertThat(permit.priority()).isEqualTo(Priority.INTERACTIVE);
        assertThat(permit.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(permit.deadlineNanos()).isEqualTo(nanos + 60_000_000_000L);
        assertThat(permit.headers().isEmpty()).isTrue();
    }

    @Test
    void a_call_may_name_its_time_up_to_the_longest() {
        Admission admission = open();

        assertThat(admission.enter(Credentials.NONE, Priority.BULK, Optional.of(SECOND)).timeout())
                .isEqualTo(SECOND);
        assertThat(
                        admission
                                .enter(
                                        Credentials.NONE,
                                        Priority.BULK,
                                        Optional.of(Duration.ofDays(9)))
                                .timeout())
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void a_key_is_taken_from_either_field() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("alpha") + " search");

        assertThat(enter(admission, new Credentials("Bearer alpha", null)).caller())
                .isEqualTo("search");
        assertThat(enter(admission, new Credentials("bearer  alpha ", null)).caller())
                .isEqualTo("search");
        assertThat(enter(admission, new Credentials(null, "alpha")).caller()).isEqualTo("search");
        assertThat(enter(admission, new Credentials("Basic eDp5", "alpha")).caller())
                .isEqualTo("search");
    }

    @Test
    void refuses_a_call_without_a_key_or_with_an_unknown_one() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("alpha") + " search");

        assertThat(refusal(() -> enter(admission, Credentials.NONE)))
                .isEqualTo(
                        new Refusal.Unauthorized(
                                "this service needs an API key, as Authorization: Bearer or"
                                        + " X-API-Key"));
        assertThat(refusal(() -> enter(admission, new Credentials("Basic eDp5", null))))
                .isInstanceOf(Refusal.Unauthorized.class);
        assertThat(refusal(() -> enter(admission, key("beta"))))
                .isEqualTo(new Refusal.Unauthorized("the API key is not known here"));
        assertThat(refused).hasSize(3).containsOnly("unknown unauthorized");
    }

    @Test
    void refuses_an_expired_key_from_its_first_moment() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("alpha") + " search expires=2027-06-30");
        today = Instant.parse("2027-06-29T23:59:59.999Z");
        assertThat(enter(admission, key("alpha")).caller()).isEqualTo("search");

        today = Instant.parse("2027-06-30T00:00:00Z");
        assertThat(refusal(() -> enter(admission, key("alpha"))))
                .isEqualTo(new Refusal.Unauthorized("the API key of search expired"));
    }

    @Test
    void a_key_caps_the_class_but_does_not_raise_it() throws Exception {
        Admission admission =
                keyed(
                        KeyRingTest.sha256("a") + " indexer class=bulk",
                        KeyRingTest.sha256("b") + " search class=interactive");

        assertThat(enter(admission, key("a")).priority()).isEqualTo(Priority.BULK);
        assertThat(admission.enter(key("b"), Priority.BULK, Optional.empty()).priority())
                .isEqualTo(Priority.BULK);
    }

    @Test
    void refuses_when_the_predicted_wait_passes_the_limit_or_the_callers_time() {
        Admission admission = open();
        waits.put(Priority.INTERACTIVE, Duration.ofMillis(2_500));

        assertThat(
                        refusal(() ->
                                admission.enter(
                                        Credentials.NONE,
                                        Priority.INTERACTIVE,
                                        Optional.of(SECOND))))
                .isEqualTo(
                        new Refusal.Overloaded(
                                "deadline",
                                "the predicted wait is 2500 ms; the time of this call is 1000 ms",
                                Duration.ofMillis(2_500)));
        assertThat(enter(admission, Credentials.NONE).timeout()).isEqualTo(Duration.ofMinutes(1));

        waits.put(Priority.INTERACTIVE, Duration.ofMillis(10_001));
        assertThat(refusal(() -> enter(admission, Credentials.NONE)))
                .isEqualTo(
                        new Refusal.Overloaded(
                                "queue-seconds",
                                "the predicted wait is 10001 ms; the longest is 10000 ms",
                                Duration.ofMillis(10_001)));
        assertThat(admission.enter(Credentials.NONE, Priority.BULK, Optional.empty()).priority())
                .isEqualTo(Priority.BULK);
    }

    @Test
    void no_more_interactive_calls_are_open_than_may_be_unless_they_hardly_wait() {
        Admission admission = open();
        waits.put(Priority.INTERACTIVE, Duration.ofMillis(50));
        Permit onItsWay = enter(admission, Credentials.NONE);
        Permit bulk = admission.enter(Credentials.NONE, Priority.BULK, Optional.empty());
        bulk.arrived();
        List<Permit> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(enter(admission, Credentials.NONE));
            open.getLast().arrived();
        }

        Refusal full =
                new Refusal.Overloaded(
                        "open-calls",
                        "3 calls are being answered, and one more would wait 50 ms; at most 3",
                        Duration.ofMillis(50));
        assertThat(refusal(() -> enter(admission, Credentials.NONE))).isEqualTo(full);
        assertThat(refusal(onItsWay::arrived)).isEqualTo(full);
        admission.enter(Credentials.NONE, Priority.BULK, Optional.empty()).arrived();
        waits.put(Priority.INTERACTIVE, Duration.ofMillis(49));
        Permit quick = enter(admission, Credentials.NONE);
        quick.arrived();

        waits.put(Priority.INTERACTIVE, Duration.ofMillis(50));
        quick.close();
        onItsWay.close();
        bulk.close();
        assertThat(refusal(() -> enter(admission, Credentials.NONE))).isEqualTo(full);
        open.getFirst().close();
        open.getFirst().close();
        enter(admission, Credentials.NONE).arrived();
        assertThat(refusal(() -> enter(admission, Credentials.NONE))).isEqualTo(full);
    }

    @Test
    void concurrency_is_counted_until_a_permit_is_closed_once() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("a") + " n concurrency=2");
        Permit first = enter(admission, key("a"));
        Permit second = enter(admission, key("a"));

        Refusal.RateLimited refusal = rateLimited(() -> enter(admission, key("a")));
        assertThat(refusal.reason()).isEqualTo("concurrency");
        assertThat(refusal.detail()).isEqualTo("2 calls of this key run; at most 2 at once");
        assertThat(refusal.headers().state()).isEqualTo("\"concurrency\";r=0");
        first.close();
        first.close();
        Permit third = enter(admission, key("a"));
        assertThat(rateLimited(() -> enter(admission, key("a"))).reason()).isEqualTo("concurrency");
        second.close();
        third.close();
        assertThat(enter(admission, key("a")).headers())
                .isEqualTo(
                        new RateLimitHeaders(
                                "\"concurrency\";q=2;qu=\"concurrent-requests\"",
                                "\"concurrency\";r=1"));
    }

    @Test
    void the_rate_refuses_with_the_time_after_which_the_same_call_passes() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("a") + " n items_per_second=10 burst=30");
        Permit permit = enter(admission, key("a"));
        permit.charge(25);
        assertThat(permit.headers())
                .isEqualTo(
                        new RateLimitHeaders(
                                "\"items\";q=30;w=3;qu=\"items\"", "\"items\";r=5;t=3"));

        Refusal.RateLimited refusal = rateLimited(() -> permit.charge(12));

        assertThat(refusal.reason()).isEqualTo("rate");
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(700));
        assertThat(refusal.detail())
                .isEqualTo("n may ask for 10.0 items a second, 30 at once; this call has 12");
        nanos += Duration.ofMillis(699).toNanos();
        assertThat(refusal(() -> permit.charge(12))).isInstanceOf(Refusal.RateLimited.class);
        nanos += Duration.ofMillis(1).toNanos();
        permit.charge(12);
    }

    @Test
    void a_call_above_the_burst_passes_a_full_bucket_and_is_paid_back() throws Exception {
        Admission admission = keyed(KeyRingTest.sha256("a") + " n items_per_second=10 burst=30");
        Permit permit = enter(admission, key("a"));
        permit.charge(100);

        // 70 items of debt: nothing is taken, and no call comes in, for 7 s
        Refusal.RateLimited refusal = rateLimited(() -> enter(admission, key("a")));
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(refusal.headers().state()).isEqualTo("\"items\";r=0;t=10");
        nanos += Duration.ofSeconds(7).toNanos();
        assertThat(enter(admission, key("a")).caller()).isEqualTo("n");
        nanos += Duration.ofSeconds(3).toNanos();
        permit.charge(100);
    }

    @Test
    void a_reload_that_changes_the_limits_starts_new_counters() throws Exception {
        Path file = folder.resolve("keys");
        Files.writeString(file, KeyRingTest.sha256("a") + " n concurrency=1");
        KeyRing ring = KeyRing.open(file);
        Admission admission = admission(Optional.of(ring), KeyLimits.NONE);
        Permit old = enter(admission, key("a"));
        Files.writeString(file, "# same limits\n" + KeyRingTest.sha256("a") + " n concurrency=1");
        ring.reload();
        assertThat(rateLimited(() -> enter(admission, key("a"))).reason()).isEqualTo("concurrency");

        Files.writeString(file, KeyRingTest.sha256("a") + " n concurrency=2");
        ring.reload();
        Permit fresh = enter(admission, key("a"));
        old.close();

        assertThat(fresh.headers().state()).isEqualTo("\"concurrency\";r=1");
    }

    @Test
    void draining_refuses_every_call_and_says_so() {
        Admission admission = open();
        admission.drain();

        assertThat(refusal(() -> enter(admission, Credentials.NONE)))
                .isEqualTo(new Refusal.Draining(SECOND));
        assertThat(refused).containsExactly("unknown draining");
    }

    @Test
    void concurrency_holds_when_many_callers_come_at_once() throws Exception {
        Admission admission = admission(Optional.empty(), new KeyLimits(3, 1e9, 1_000_000_000));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                all.add(
                        callers.submit(() -> {
                            try (Permit permit = enter(admission, Credentials.NONE)) {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                permit.charge(1);
                                passed.incrementAndGet();
                                inside.decrementAndGet();
                            } catch (RefusalException e) {
                                assertThat(e.refusal().reason()).isEqualTo("concurrency");
                            }
                        }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(passed.get()).isPositive();
        assertThat(enter(admission, Credentials.NONE).headers().state())
                .contains("\"concurrency\";r=2");
    }
}
