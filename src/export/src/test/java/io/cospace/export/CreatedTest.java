package io.cospace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CreatedTest {
    @Test
    void is_a_fixed_day_where_the_variable_is_not_set() {
        assertThat(Created.of(null)).isEqualTo("2026-11-01T00:00:00Z");
        assertThat(Created.of(" ")).isEqualTo("2026-11-01T00:00:00Z");
    }

    @Test
    void follows_source_date_epoch() {
        assertThat(Created.of("0")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(Created.of("1700000000")).isEqualTo("2023-11-14T22:13:20Z");
    }

    @Test
    void refuses_what_is_no_number_of_seconds() {
        assertThatThrownBy(() -> Created.of("yesterday"))
                .isInstanceOf(ExportException.class)
                .hasMessage("SOURCE_DATE_EPOCH is yesterday; it must be whole seconds since 1970");
    }
}
