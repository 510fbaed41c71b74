package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The goal of fairness, by simulation: no thread, no clock but a turned one, fixed seeds. */
class BesideBulkTest {

    private static final Duration TIME = Duration.ofMinutes(2);
    private static final int BULK_CALLS = 4;
    private static final double RATE = 65;

    private static BesideBulk run(int dispatchers, int bulkCalls, double rate) {
        return new BesideBulk(dispatchers, bulkCalls, rate, 7).run(TIME);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void bulk_calls_delay_interactive_ones_by_about_one_of_their_batches(int dispatchers) {
        double alone = run(dispatchers, 0, RATE).interactiveP99();
        BesideBulk both = run(dispatchers, BULK_CALLS * dispatchers / 2, RATE);

        assertThat(both.interactiveP99() - alone).isLessThan(1.2 * both.bulkRun());
    }

    /** Half-size batches that end at any time make it 38 ms; whole ones 58 ms. */
    @Test
    void the_wait_is_that_of_short_batches_whose_ends_are_apart() {
        double rise = run(2, BULK_CALLS, RATE).interactiveP99() - run(2, 0, RATE).interactiveP99();

        assertThat(rise).isLessThan(33);
    }

    @Test
    void short_batches_cost_bulk_calls_little() {
        double alone = run(2, BULK_CALLS, 0).bulkTokensAMilli();
        double beside = run(2, BULK_CALLS, RATE).bulkTokensAMilli();

        assertThat(beside).isGreaterThan(0.94 * alone);
    }
}
