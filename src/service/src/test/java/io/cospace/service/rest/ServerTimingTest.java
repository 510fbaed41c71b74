package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.StageTimes;
import org.junit.jupiter.api.Test;

class ServerTimingTest {

    @Test
    void stages_are_milliseconds_with_three_decimals() {
        StageTimes times = new StageTimes(7_499, 12_345_678_900L, 999_999_500);

        assertThat(ServerTiming.of(times, 0))
                .isEqualTo(
                        "prepare;dur=0.007, queue;dur=12345.679, run;dur=1000.000, encode;dur=0.000");
    }
}
