package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.Offsets;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.Options;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.SimilarityRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {

    private final RequestReader reader = new RequestReader(Limits.defaults());

    @Test
    void reads_a_single_string_with_all_defaults() {
        EmbedRequest request = embed("{\"inputs\": \"a red bicycle\"}");
        assertThat(request.inputs()).containsExactly(new Input.Text("a red bicycle", null));
        assertThat(request.options()).isEqualTo(Options.defaults());
        assertThat(request.types()).containsExactly(OutputType.FLOAT);
        assertThat(request.onError()).isEqualTo(OnError.FAIL);
    }

    @Test
    void reads_every_option() {
        EmbedRequest request =
                embed(
                        """
                        {"task": "query", "dimensions": 256, "types": ["float", "base64", "ubinary"],
                         "long_text": "truncate_start", "on_error": "item", "model": "m/1",
                         "space": "s", "inputs": [{"text": "x", "task": "document"}]}
                        """);
        assertThat(request.options())
                .isEqualTo(
                        new Options(
                                Task.QUERY,
                                256,
                                LongText.TRUNCATE_START,
                                Offsets.CODE_POINTS,
                                "m/1",
                                "s"));
        assertThat(request.types())
                .containsExactlyInAnyOrder(OutputType.FLOAT, OutputType.BASE64, OutputType.UBINARY);
        assertThat(request.onError()).isEqualTo(OnError.ITEM);
        assertThat(request.inputs()).containsExactly(new Input.Text("x", Task.DOCUMENT));
    }

    @Test
    void takes_null_for_an_option_that_is_left_out() {
        EmbedRequest request =
                embed("{\"inputs\": [{\"text\": \"x\", \"task\": null}], \"dimensions\": null}");
        assertThat(request.options()).isEqualTo(Options.defaults());
    }

    @Test
    void reads_images_whose_base64_is_escaped() {
        EmbedRequest request =
                embed("{\"inputs\": {\"image\": \"\\/+\\/\\u002b\", \"task\": null}}");
        assertThat(((Input.Image) request.inputs().getFirst()).bytes())
                .containsExactly(0xff, 0xef, 0xfe);
    }

    @Test
    void reads_images_from_base64_and_data_uris() {
        EmbedRequest request =
                embed(
                        """
                        {"inputs": [{"image": "SU1H"}, {"image": "data:image/png;base64,SU1H"},
                                    {"image": "SU0="}, {"image": "SU0"}]}
                        """);
        assertThat(request.inputs())
                .extracting(input -> new String(((Input.Image) input).bytes(), UTF_8))
                .containsExactly("IMG", "IMG", "IM", "IM");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SU1*                | is not Base64: '*' at position 3",
                "SU 1H               | is not Base64: ' ' at position 2",
                "SU1HX               | is not Base64: 5 characters do not make whole bytes",
                "S=1H                | is not Base64: '=' at position 1",
                "data:image/png,SU1H | is a data URI without ';base64,'; must be data:TYPE;base64,DATA",
                "data:nothing        | is a data URI without ';base64,'; must be data:TYPE;base64,DATA",
                "żółw                | is not Base64: '?' at position 0"
            })
    void keeps_wrong_base64_with_its_item(String image, String reason) {
        EmbedRequest request = embed("{\"inputs\": [\"ok\", {\"image\": \"" + image + "\"}]}");
        assertThat(((Input.Unreadable) request.inputs().get(1)).problem())
                .isEqualTo(Problem.InvalidRequest.at("/inputs/1/image", reason));
    }

    @ParameterizedTest
    @CsvSource({
        "{\"image_url\": \"https://x.example/a.png\"}",
        "{\"image\": \"http://x.example/a.png\"}"
    })
    void reads_urls_as_they_are(String item) {
        EmbedRequest request = embed("{\"inputs\": [" + item + "]}");
        assertThat(((Input.ImageUrl) request.inputs().getFirst()).url())
                .endsWith("://x.example/a.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\": \"x\", \"image\": \"SU1H\"} | holds text and image; must be one of them",
                "{}                                     | holds none of text, image, image_url",
                "{\"task\": \"query\"}                  | holds none of text, image, image_url"
            })
    void keeps_an_ambiguous_item_with_its_item(String item, String reason) {
        EmbedRequest request = embed("{\"inputs\": [" + item + "]}");
        assertThat(((Input.Unreadable) request.inputs().getFirst()).problem())
                .isEqualTo(Problem.InvalidRequest.at("/inputs/0", reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                              |                | must be an object, found an array",
                "{}                              | /inputs        | is missing",
                "{'inputs': []}                  | /inputs        | is empty; must hold 1..1024 inputs",
                "{'inputs': null}                | /inputs        | must be a string or an object, found null",
                "{'inputs': [1]}                 | /inputs/0      | must be a string or an object, found a whole number",
                "{'inputs': [null]}              | /inputs/0      | must be a string or an object, found null",
                "{'inputs': [['a']]}             | /inputs/0      | must be a string or an object, found an array",
                "{'inputs': [{'text': 1.5}]}     | /inputs/0/text | must be a string, found a number",
                "{'inputs': [{'embedding': []}]} | /inputs/0/embedding | is unknown; known are text, task, image, image_url",
                "{'inputs': 'a', 'input': 'b'}   | /input         | is unknown; known are inputs, task, dimensions, types, long_text, offsets, on_error, model, space",
                "{'inputs': 'a', 'task': 'ask'}  | /task          | is 'ask'; must be one of query, document",
                "{'inputs': 'a', 'task': true}   | /task          | must be a string, found a boolean",
                "{'inputs': 'a', 'types': 'float'} | /types       | must be an array, found a string",
                "{'inputs': 'a', 'types': []}    | /types         | is empty; must hold at least one of [float, base64, int8, uint8, binary, ubinary]",
                "{'inputs': 'a', 'types': ['x']} | /types/0       | is 'x'; must be one of float, base64, int8, uint8, binary, ubinary",
                "{'inputs': 'a', 'dimensions': 1.5} | /dimensions | must be a whole number, found a number",
                "{'inputs': 'a', 'dimensions': '8'} | /dimensions | must be a whole number, found a string",
                "{'inputs': 'a', 'dimensions': 99999999999} | /dimensions | is out of range; must be a whole number of 32 bits",
                "{'inputs': 'a'} 1               |                | something follows the JSON value at byte 16",
                "{'inputs': 'a'                  | /inputs        | the JSON ends too early, at byte 14"
            })
    void names_the_pointer_and_the_fault(String json, String pointer, String reason) {
        List<Violation> violations = violations(json.replace('\'', '"'));
        assertThat(violations)
                .containsExactly(new Violation(pointer == null ? "" : pointer, reason));
    }

    @Test
    void lists_several_faults_at_once() {
        assertThat(violations("{\"inputs\": [1, \"a\", {\"x\": {\"y\": [1]}}], \"z\": [[]]}"))
                .extracting(Violation::pointer)
                .containsExactly("/inputs/0", "/inputs/2/x", "/z");
    }

    @Test
    void stops_after_sixteen_faults() {
        String many = IntStream.range(0, 100).mapToObj(i -> "1").collect(Collectors.joining(","));
        assertThat(violations("{\"inputs\": [" + many + "]}")).hasSize(16);
    }

    @Test
    void refuses_a_field_that_is_given_twice() {
        assertThat(violations("{\"inputs\": \"a\", \"inputs\": \"b\"}").getFirst().reason())
                .contains("Duplicate field 'inputs'");
    }

    @Test
    void refuses_nesting_beyond_the_limit() {
        String deep = "[".repeat(40) + "]".repeat(40);
        assertThat(violations("{\"inputs\": \"a\", \"z\": " + deep + "}"))
                .last()
                .satisfies(violation ->
                        assertThat(violation.reason())
                                .isEqualTo("is nested more than 32 objects and arrays deep"));
    }

    @Test
    void counts_inputs_beyond_the_limit_without_keeping_them() {
        String many = "\"a\",".repeat(9_999) + "\"a\"";
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class, () -> embed("{\"inputs\": [" + many + "]}"));
        assertThat(thrown.problem()).isEqualTo(new Problem.TooManyInputs("inputs", 10_000, 1024));
    }

    @Test
    void keeps_lone_surrogates_for_the_pipeline_to_refuse() {
        EmbedRequest request = embed("{\"inputs\": \"a\\ud800b\"}");
        assertThat(request.inputs()).containsExactly(new Input.Text("a\ud800b", null));
    }

    @Test
    void passes_over_a_byte_order_mark() {
        EmbedRequest request = embed("\ufeff{\"inputs\": {\"image\": \"SU1H\"}}");
        assertThat(((Input.Image) request.inputs().getFirst()).bytes())
                .containsExactly("IMG".getBytes(UTF_8));
    }

    @Test
    void refuses_utf16() {
        byte[] utf16 = "{\"inputs\": \"a\"}".getBytes(UTF_16LE);
        ProblemException thrown =
                catchThrowableOfType(ProblemException.class, () -> reader.embed(utf16));
        assertThat(thrown.problem().detail()).contains("is not JSON at byte");
    }

    @Test
    void refuses_bytes_that_are_not_utf8() {
        byte[] latin1 = "{\"inputs\": \"caf\u00e9\"}".getBytes(ISO_8859_1);
        ProblemException thrown =
                catchThrowableOfType(ProblemException.class, () -> reader.embed(latin1));
        assertThat(thrown.problem().detail()).contains("UTF-8");
    }

    @Test
    void refuses_an_empty_body() {
        assertThat(violations("").getFirst().reason()).isEqualTo("the body is empty; must be JSON");
    }

    @Test
    void reads_a_comparison_with_stored_vectors() {
        SimilarityRequest request =
                reader.similarity(
                        """
                        {"a": "x", "b": [{"embedding": [1, -2.5e-3, NaN, 1e99], "space": "s"},
                                         {"embedding": "AACAPwAAAMA="}],
                         "mode": "matrix", "score": "probability", "top_k": 3, "space": "t"}
                        """
                                .getBytes(UTF_8));
        assertThat(request.mode()).isEqualTo(SimilarityRequest.Mode.MATRIX);
        assertThat(request.score()).isEqualTo(SimilarityRequest.Score.PROBABILITY);
        assertThat(request.topK()).isEqualTo(3);
        assertThat(request.options().space()).isEqualTo("t");
        var first = (Input.Vector) request.b().getFirst();
        assertThat(first.values())
                .containsExactly(1f, -0.0025f, Float.NaN, Float.POSITIVE_INFINITY);
        assertThat(first.space()).isEqualTo("s");
        var second = (Input.Vector) request.b().get(1);
        assertThat(second.values()).containsExactly(1f, -2f);
        assertThat(second.space()).isNull();
    }

    @Test
    void keeps_a_base64_vector_of_broken_floats_with_its_item() {
        SimilarityRequest request =
                reader.similarity(
                        "{\"a\": \"x\", \"b\": {\"embedding\": \"AACAPwA=\"}}".getBytes(UTF_8));
        assertThat(((Input.Unreadable) request.b().getFirst()).problem().detail())
                .isEqualTo(
                        "/b/embedding: holds 5 bytes; must be a multiple of 4, the size of a"
                                + " float32");
    }

    @Test
    void refuses_a_stored_vector_of_strings() {
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class,
                        () ->
                                reader.similarity(
                                        "{\"a\": \"x\", \"b\": {\"embedding\": [1, \"2\"]}}"
                                                .getBytes(UTF_8)));
        assertThat(thrown.problem())
                .isEqualTo(
                        Problem.InvalidRequest.at(
                                "/b/embedding/1", "must be a number, found a string"));
    }

    @Test
    void takes_only_texts_for_tokens() {
        ProblemException thrown =
                catchThrowableOfType(
                        ProblemException.class,
                        () ->
                                reader.tokenize(
                                        "{\"inputs\": [\"a\", {\"image\": \"SU1H\"}]}"
                                                .getBytes(UTF_8)));
        assertThat(thrown.problem())
                .isEqualTo(
                        Problem.InvalidRequest.at(
                                "/inputs/1", "must be a text; only texts have tokens"));
    }

    private EmbedRequest embed(String json) {
        return reader.embed(json.getBytes(UTF_8));
    }

    private List<Violation> violations(String json) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, () -> embed(json));
        return ((Problem.InvalidRequest) thrown.problem()).violations();
    }
}
