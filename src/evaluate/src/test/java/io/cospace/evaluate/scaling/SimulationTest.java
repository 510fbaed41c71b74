package io.cospace.evaluate.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A quarter of an hour of traffic at a time; the whole day is for {@code cospace simulate}. */
class SimulationTest {
    private static final int QUARTER = 900;
    private static final Simulation.Settings SETTINGS = Simulation.Settings.defaults();

    /** What one and a half pods do, and from five minutes on what six do. */
    private static double step(ItemClass kind, int second) {
        return kind == ItemClass.MIXED_TEXT ? (second < 300 ? 145 * 1.0 : 145 * 4.5) : 0;
    }

    private static Outcome run(Policy policy) {
        return Simulation.run(SimulationTest::step, QUARTER, policy, SETTINGS);
    }

    @Test
    void the_same_seed_gives_the_same_day_and_another_another() {
        assertThat(run(Policy.hpa())).isEqualTo(run(Policy.hpa()));
        var other = new Simulation.Settings(2, 10, 8, 2, 3, 0, 0);
        assertThat(Simulation.run(SimulationTest::step, QUARTER, Policy.hpa(), other))
                .isNotEqualTo(run(Policy.hpa()));
    }

    @Test
    void enough_pods_refuse_nothing_and_cost_their_number() {
        Outcome outcome = run(Policy.fixed(8));
        assertThat(outcome.refusals()).isZero();
        assertThat(outcome.podHours()).isCloseTo(8 * 0.25, within(1e-9));
        assertThat(outcome.calls()).isBetween(420_000L, 445_000L);
    }

    @Test
    void pods_over_their_capacity_serve_it_and_refuse_the_rest() {
        Outcome outcome =
                Simulation.run(
                        (kind, _) -> kind == ItemClass.MIXED_TEXT ? 3 * 290 : 0,
                        QUARTER,
                        Policy.fixed(2),
                        SETTINGS);
        double answered = (outcome.calls() - outcome.lost()) / (double) QUARTER;
        assertThat(answered).isCloseTo(290, within(4.0));
        assertThat(outcome.p99()).as("with two waits for Retry-After").isBetween(2.0, 9.0);
    }

    @Test
    void the_signals_of_the_service_follow_a_step_sooner_than_the_processor() {
        Outcome signals = run(Policy.hpa());
        Outcome processor = run(Policy.cpu(Policy.SATURATION_TARGET));
        assertThat(signals.refusals()).isLessThan(processor.refusals());
        assertThat(signals.withinSecond()).isGreaterThan(processor.withinSecond());
    }

    /** No work waits as soon as there are enough pods, so it alone would take them away again. */
    @Test
    void the_queue_alone_does_not_hold_what_it_has_asked_for() {
        Outcome alone = Simulation.run(SimulationTest::step, 3_600, Policy.queue(0.2), SETTINGS);
        Outcome both =
                Simulation.run(
                        SimulationTest::step,
                        3_600,
                        Policy.both(0.2, Policy.SATURATION_TARGET),
                        SETTINGS);
        assertThat(alone.changes()).isGreaterThan(2 * both.changes());
        assertThat(alone.refusals()).isGreaterThan(both.refusals());
    }

    @Test
    void without_prometheus_keda_goes_to_its_fallback_and_the_other_stays() {
        var blind = new Simulation.Settings(1, 10, 8, 2, 3, 240, QUARTER);
        Outcome hpa = Simulation.run(SimulationTest::step, QUARTER, Policy.hpa(), blind);
        Outcome keda = Simulation.run(SimulationTest::step, QUARTER, Policy.keda(), blind);
        assertThat(hpa.mostPods()).isLessThan(Policy.FALLBACK);
        assertThat(keda.mostPods()).isEqualTo(Policy.FALLBACK);
        assertThat(keda.lost()).isLessThan(hpa.lost() / 2);
    }

    @Test
    void a_policy_is_taken_for_few_pod_hours_only_if_it_serves() {
        Outcome slow = new Outcome("slow", 1000, 0, 1, 1, 0, 0, 10, 2, 0);
        Outcome refusing = new Outcome("refusing", 1000, 0, 0.1, 1, 6, 0, 10, 2, 0);
        Outcome dear = new Outcome("dear", 1000, 0, 0.1, 1, 5, 0, 30, 2, 0);
        Outcome good = new Outcome("good", 1000, 0, 0.2, 1, 5, 0, 20, 2, 0);
        assertThat(Sweep.cheapest(List.of(slow, refusing, dear, good))).contains(good);
        assertThat(Sweep.cheapest(List.of(slow))).isEmpty();
    }
}
