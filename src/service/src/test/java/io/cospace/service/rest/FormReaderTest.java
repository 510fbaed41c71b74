package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormReaderTest {

    private final FormReader reader = new FormReader(Limits.defaults());

    @Test
    void reads_files_and_fields_in_the_order_of_the_parts() {
        EmbedRequest request =
                form(
                        part("name=\"text\"", "a cat"),
                        part("name=\"photo\"; filename=\"a; \\\"b.jpg\"", "IMG\r\n1"),
                        part("name=\"task\"", "query"),
                        part("name=\"types\"", "float,base64"),
                        part("name=\"on_error\"", "item"),
                        part("name=inputs", "\u00e9t\u00e9"),
                        part("name=\"x\"\r\nContent-Type: image/png", "IMG2"));

        assertThat(request.inputs()).hasSize(4);
        assertThat(request.inputs().getFirst()).isEqualTo(new Input.Text("a cat", null));
        assertThat(content(request, 1)).isEqualTo("IMG\r\n1");
        assertThat(request.inputs().get(2)).isEqualTo(new Input.Text("\u00e9t\u00e9", null));
        assertThat(content(request, 3)).isEqualTo("IMG2");
        assertThat(request.options().task()).isEqualTo(Task.QUERY);
        assertThat(request.onError()).isEqualTo(OnError.ITEM);
        assertThat(request.types()).containsExactlyInAnyOrder(OutputType.FLOAT, OutputType.BASE64);
    }

    @Test
    void reads_empty_parts_and_a_preamble() {
        String body =
                "to be ignored\r\n--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\r\n--B"
                        + "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--B--\r\n";
        EmbedRequest request = reader.form(body.getBytes(ISO_8859_1), "B", List.of());
        assertThat(request.inputs().getFirst()).isEqualTo(new Input.Text("", null));
        assertThat(content(request, 1)).isEmpty();
    }

    @Test
    void names_an_unknown_field_and_an_unknown_value() {
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class,
                        () ->
                                form(
                                        part("name=\"text\"", "a"),
                                        part("name=\"dimension\"", "64"),
                                        part("name=\"dimensions\"", "many")));
        assertThat(((Problem.InvalidRequest) thrown.problem()).violations())
                .extracting(Problem.Violation::pointer)
                .containsExactly("/dimension", "/dimensions");
    }

    @Test
    void keeps_a_text_that_is_not_utf8_with_its_item() {
        String body = part("name=\"text\"", "x").replace("x\r\n", "\u00e9\r\n") + "--B--\r\n";
        EmbedRequest request = reader.form(body.getBytes(ISO_8859_1), "B", List.of());
        assertThat(((Input.Unreadable) request.inputs().getFirst()).problem())
                .isEqualTo(Problem.InvalidRequest.at("/inputs/0", "is not UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--A\r\n",
                "--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ncut",
                "--B\r\nContent-Disposition: form-data; name=\"text\"",
                "--B\r\n\r\nnameless\r\n--B--\r\n",
                "--B--\r\n"
            })
    void refuses_a_body_that_is_no_form(String body) {
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> reader.form(body.getBytes(ISO_8859_1), "B", List.of()));
        assertThat(thrown.problem()).isInstanceOf(Problem.InvalidRequest.class);
    }

    @Test
    void reads_an_image_with_options_in_the_query() {
        EmbedRequest request =
                reader.image(
                        "IMG".getBytes(ISO_8859_1),
                        List.of(Map.entry("dimensions", "4"), Map.entry("types", "base64")));
        assertThat(content(request, 0)).isEqualTo("IMG");
        assertThat(request.options().dimensions()).isEqualTo(4);
        assertThat(request.types()).containsExactly(OutputType.BASE64);
    }

    @Test
    void refuses_unknown_query_parameters() {
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class,
                        () ->
                                reader.image(
                                        "IMG".getBytes(ISO_8859_1),
                                        List.of(Map.entry("dimension", "4"))));
        assertThat(thrown.problem().detail()).contains("/dimension").contains("unknown");
    }

    private EmbedRequest form(String... parts) {
        String body = String.join("", parts) + "--B--\r\n";
        return reader.form(body.getBytes(UTF_8), "B", List.of());
    }

    private static String part(String disposition, String content) {
        return "--B\r\nContent-Disposition: form-data; "
                + disposition
                + "\r\n\r\n"
                + content
                + "\r\n";
    }

    private static String content(EmbedRequest request, int index) {
        return new String(((Input.Image) request.inputs().get(index)).bytes(), ISO_8859_1);
    }
}
