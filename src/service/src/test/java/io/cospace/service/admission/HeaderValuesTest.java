package io.cospace.service.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.batching.Priority;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValuesTest {

    @ParameterizedTest
    @CsvSource({"1,PT0.001S", "' 2500 ',PT2.5S", "999999999999,PT277777H46M39.999S"})
    void reads_a_timeout_in_milliseconds(String value, Duration time) {
        assertThat(Timeouts.ofMillis(value)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "000", "-5", "+5", "1.5", "5s", "1e3", "9999999999999", "١"})
    void rejects_a_timeout_that_is_no_whole_number_from_1(String value) {
        assertThatThrownBy(() -> Timeouts.ofMillis(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "X-Request-Timeout-Ms is '%s'; must be a whole number of milliseconds from 1"
                                .formatted(value));
    }

    @ParameterizedTest
    @CsvSource({
        "2H,PT2H",
        "3M,PT3M",
        "99999999S,PT27777H46M39S",
        "100m,PT0.1S",
        "7u,PT0.000007S",
        "0n,PT0S",
        "8n,PT0.000000008S"
    })
    void reads_a_grpc_timeout(String value, Duration time) {
        assertThat(Timeouts.ofGrpc(value)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "S", "-1S", "123456789S", "5h", "1 S"})
    void rejects_a_grpc_timeout_of_another_form(String value) {
        assertThatThrownBy(() -> Timeouts.ofGrpc(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("grpc-timeout is '%s'; must be".formatted(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    u=0       | INTERACTIVE
                    u=4, i    | INTERACTIVE
                    i,u=5     | BULK
                    u=7;x=1,i | BULK
                    u=1, u=6  | BULK
                    """)
    void urgency_up_to_4_is_interactive(String value, Priority priority) {
        assertThat(Urgency.parse(value)).contains(priority);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "i", "u", "u=8", "u=-1", "u=55", "U=5", "fu=5", "u=5.5", "u =5"})
    void urgency_that_cannot_be_read_is_ignored(String value) {
        assertThat(Urgency.parse(value)).isEmpty();
    }

    @Test
    void retry_after_is_whole_seconds_rounded_up_from_1() {
        assertThat(RetryAfter.seconds(Duration.ZERO)).isEqualTo(1);
        assertThat(RetryAfter.seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(RetryAfter.seconds(Duration.ofMillis(1_001))).isEqualTo(2);
    }

    @Test
    void credentials_never_print_their_key() {
        assertThat(new Credentials("Bearer secret", "secret")).hasToString("Credentials[a key]");
        assertThat(Credentials.NONE).hasToString("Credentials[no key]");
    }
}
