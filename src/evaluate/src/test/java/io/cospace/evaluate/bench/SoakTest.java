package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SoakTest {
    @Test
    void growth_is_a_line_behind_the_first_tenth() {
        Soak soak = new Soak(OptionalLong.empty());
        // 100 s; memory jumps in the first tenth, then grows 0.5 MB every 5 s.
        for (int i = 0; i < 20; i++) {
            soak.add(sample(5, 1000 + 100L * i), i == 0 ? 100 : 800 + 0.5 * i);
        }
        assertThat(soak.intervals()).hasSize(20);
        assertThat(soak.intervals().getLast().end()).isEqualTo(100);
        assertThat(soak.growth()).isCloseTo(9, within(1e-9));
        // 0.1 ms more each 5 s, over 90 s.
        assertThat(soak.p99Growth()).isCloseTo(1.8, within(0.02));
    }

    @Test
    void flat_is_no_growth_and_unknown_stays_unknown() {
        Soak soak = new Soak(OptionalLong.empty());
        for (int i = 0; i < 5; i++) {
            soak.add(sample(1, 2000), 640);
        }
        assertThat(soak.growth()).isZero();
        Soak unknown = new Soak(OptionalLong.empty());
        for (int i = 0; i < 5; i++) {
            unknown.add(sample(1, 2000));
        }
        assertThat(unknown.growth()).isNaN();
        assertThat(unknown.p99Growth()).isZero();
        assertThat(unknown.series().samples()).hasSize(5);
    }

    private static Sample sample(double seconds, long micros) {
        Histogram latency = new Histogram(1_000_000, 3);
        latency.recordValue(micros);
        Traffic traffic = new Traffic(latency, new Histogram(1_000_000, 3), 0, Map.of(), 1, 1);
        return new Sample(1, seconds, new Cpu(1, 1, 0, 0), traffic);
    }
}
