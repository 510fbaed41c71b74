package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

    private static final List<String> ALL =
            List.of(MediaTypes.JSON, MediaTypes.FORM, MediaTypes.IMAGE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json",
                "Application/JSON; charset=UTF-8",
                "application/json;charset=\"utf-8\"",
                "image/jpeg",
                "image/x-whatever",
                "multipart/form-data; boundary=abc",
                "multipart/form-data; charset=x; boundary=\"a b\""
            })
    void takes(String contentType) {
        assertThat(MediaTypes.fault(contentType, null, ALL)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                 | - ",
                "application/x-www-form-urlencoded | - ",
                "text/plain                        | - ",
                "application/json; charset=latin1  | - ",
                "multipart/form-data               | - ",
                "multipart/form-data; boundary=    | - ",
                "application/json                  | br",
                "application/json                  | gzip, gzip"
            })
    void refuses(String contentType, String encoding) {
        assertThat(MediaTypes.fault(contentType, encoding, ALL)).isNotNull();
    }

    @Test
    void takes_json_alone_where_a_path_does() {
        assertThat(MediaTypes.fault("image/png", null, List.of(MediaTypes.JSON)))
                .isEqualTo("Content-Type is 'image/png'; this path takes application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                               | true",
                "*/*                             | true",
                "application/json                | true",
                "text/html, application/*;q=0.5  | true",
                "application/json;q=0            | false",
                "application/json;q=0.000, */*;q=0 | false",
                "text/html                       | false",
                "application/jsonp               | false"
            })
    void knows_whether_json_is_accepted(String accept, boolean accepted) {
        assertThat(MediaTypes.chosen(accept, List.of(MediaTypes.JSON)) != null).isEqualTo(accepted);
    }
}
