package io.cospace.service.embedding;

import static io.cospace.service.embedding.Calls.call;
import static io.cospace.service.embedding.Calls.embedded;
import static io.cospace.service.embedding.Calls.image;
import static io.cospace.service.embedding.Calls.options;
import static io.cospace.service.embedding.Calls.request;
import static io.cospace.service.embedding.Calls.text;
import static io.cospace.service.embedding.Calls.thrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Windows;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long texts, shorter vectors and packed ones. */
@Timeout(20)
class VectorFormsTest {

    private final Calls calls = new Calls();

    @AfterEach
    void stop() {
        calls.close();
    }

    @Test
    void refuses_long_text_with_its_tokens_and_the_limit() {
        ProblemException thrown =
                calls.problem(List.of(text("ok"), text("w ".repeat(20))), Options.defaults());
        assertThat(thrown.place()).isEqualTo(new Place("inputs", 1));
        assertThat(thrown.problem())
                .isEqualTo(
                        new Problem.TextTooLong("text has 22 tokens; the model reads at most 10"));
    }

    @Test
    void truncates_long_text_at_either_side_and_says_so() {
        String words = String.join(" ", IntStream.range(0, 20).mapToObj(i -> "w" + i).toList());
        EmbedResult end =
                calls.embed(List.of(text(words)), options(null, LongText.TRUNCATE_END, null, null));
        EmbedResult start =
                calls.embed(
                        List.of(text(words)), options(null, LongText.TRUNCATE_START, null, null));

        assertThat(embedded(end, 0).use()).isEqualTo(new TextUse(22, 10, true, 0));
        assertThat(embedded(end, 0).vector().values())
                .isEqualTo(FakeModel.vectorOf("w0 w1 w2 w3 w4 w5 w6 w7"));
        assertThat(embedded(start, 0).vector().values())
                .isEqualTo(FakeModel.vectorOf("w12 w13 w14 w15 w16 w17 w18 w19"));
        assertThat(calls.truncated.get()).isEqualTo(2);
    }

    @Test
    void pools_a_long_text_over_windows_weighted_by_what_each_adds() {
        String words = String.join(" ", IntStream.range(0, 20).mapToObj(i -> "w" + i).toList());
        EmbedResult result =
                calls.embed(
                        List.of(text(words), text("short")),
                        options(null, LongText.POOL, null, null));

        TokenizedText whole = new FakeModel.Texts().tokenize(words, Task.DOCUMENT);
        List<Windows.Window> windows = Windows.of(whole, FakeModel.MAX_TOKENS);
        List<float[]> rows =
                windows.stream().map(window -> FakeModel.vectorOf(window.tokens())).toList();
        assertThat(windows).hasSizeGreaterThan(2);
        assertThat(embedded(result, 0).vector().values())
                .isEqualTo(Vectors.normalise(Windows.mean(windows, rows)));
        assertThat(embedded(result, 0).use()).isEqualTo(new TextUse(22, 22, false, windows.size()));
        assertThat(embedded(result, 1).use()).isEqualTo(new TextUse(3, 3, false, 1));
    }

    @Test
    void answers_the_chunks_of_a_long_text_with_their_places() {
        String text = "😀 one two three. Four five six seven. Eight nine ten eleven twelve.";
        EmbedResult result =
                calls.embed(List.of(text(text)), options(null, LongText.CHUNKS, null, null));

        var chunked = (EmbedResult.Chunked) result.items().getFirst();
        assertThat(chunked.chunks()).hasSizeGreaterThan(1);
        int[] points = text.codePoints().toArray();
        String rebuilt = "";
        for (EmbedResult.Chunk chunk : chunked.chunks()) {
            String part = new String(points, chunk.start(), chunk.end() - chunk.start());
            assertThat(chunk.tokens()).isLessThanOrEqualTo(FakeModel.MAX_TOKENS);
            assertThat(chunk.vector().values()).isEqualTo(FakeModel.vectorOf(part));
            rebuilt += (rebuilt.isEmpty() ? "" : " ") + part;
        }
        assertThat(rebuilt).isEqualTo(text);
        assertThat(result.usage().tokens()).isEqualTo(chunked.use().tokensUsed());
    }

    @Test
    void counts_the_places_of_chunks_in_utf16_units_where_asked() {
        String text = "😀 one two three. Four five six seven. Eight nine ten eleven twelve.";
        var options = new Options(Task.DOCUMENT, null, LongText.CHUNKS, Offsets.UTF16, null, null);
        EmbedResult result = calls.embed(List.of(text(text)), options);
        for (EmbedResult.Chunk chunk : ((EmbedResult.Chunked) result.items().getFirst()).chunks()) {
            String part = text.substring(chunk.start(), chunk.end());
            assertThat(chunk.vector().values()).isEqualTo(FakeModel.vectorOf(part));
        }
    }

    @Test
    void refuses_a_text_of_more_windows_than_the_limit() {
        for (LongText longText : new LongText[] {LongText.POOL, LongText.CHUNKS}) {
            Problem problem =
                    calls.problem(
                                    List.of(text("w ".repeat(2000))),
                                    options(null, longText, null, null))
                            .problem();
            assertThat(problem).isInstanceOf(Problem.TextTooLong.class);
            assertThat(problem.detail()).contains("at most 64");
        }
    }

    @Test
    void refuses_a_text_above_the_byte_limit_whatever_long_text_says() {
        Problem problem =
                calls.problem(
                                List.of(text("é".repeat(500_001))),
                                options(null, LongText.TRUNCATE_END, null, null))
                        .problem();
        assertThat(problem)
                .isEqualTo(
                        new Problem.TextTooLong(
                                "text has 1000002 bytes in UTF-8; at most 1000000 are read"));
    }

    @Test
    void answers_packed_forms_by_the_calibration_of_each_tower() {
        var model = FakeModel.direct(Manifest.Score.SOFTMAX, FakeModel.calibrations());
        var service = calls.service(model);
        var request =
                new EmbedRequest(
                        List.of(text("a cat"), image("IMG")),
                        Options.defaults(),
                        Set.of(OutputType.INT8, OutputType.UBINARY),
                        OnError.FAIL);
        EmbedResult result = service.embed(request, call(5000)).join();

        float[] text = FakeModel.vectorOf("a cat");
        float[] low = {-1, -1, -1, -1, -1, -1, -1, -1};
        float[] high = {1, 1, 1, 1, 1, 1, 1, 1};
        var packed = embedded(result, 0).vector().packed();
        assertThat(packed).containsOnlyKeys(OutputType.INT8, OutputType.UBINARY);
        assertThat(packed.get(OutputType.INT8))
                .isEqualTo(OutputTypes.int8(text, new OutputTypes.Ranges(low, high)));
        assertThat(packed.get(OutputType.UBINARY)).isEqualTo(OutputTypes.ubinary(text, null));
        float[] image = embedded(result, 1).vector().values();
        float[] half = {.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f};
        assertThat(embedded(result, 1).vector().packed().get(OutputType.UBINARY))
                .isEqualTo(OutputTypes.ubinary(image, half));
    }

    @Test
    void refuses_int8_where_the_bundle_has_no_calibration() {
        var request =
                new EmbedRequest(
                        List.of(text("a")),
                        Options.defaults(),
                        Set.of(OutputType.FLOAT, OutputType.INT8),
                        OnError.FAIL);
        assertThat(thrownBy(calls.service(FakeModel.direct()).embed(request, call(5000))).problem())
                .isEqualTo(
                        Problem.InvalidRequest.at(
                                "/types", "holds int8; this model has no calibration for it"));
    }

    @Test
    void cuts_vectors_to_the_dimensions_asked_and_normalises_again() {
        EmbedResult result =
                calls.embed(List.of(text("a cat")), options(4, LongText.REJECT, null, null));

        assertThat(result.dimensions()).isEqualTo(4);
        float[] expected = Vectors.truncate(FakeModel.vectorOf("a cat"), 4);
        assertThat(embedded(result, 0).vector().values()).isEqualTo(expected);
        assertThat(Vectors.norm(expected)).isCloseTo(1, within(1e-6));
    }

    @Test
    void refuses_dimensions_that_the_model_does_not_list() {
        Problem problem =
                calls.problem(List.of(text("a")), options(3, LongText.REJECT, null, null))
                        .problem();
        assertThat(problem).isEqualTo(new Problem.UnknownDimension(3, List.of(2, 4, 8)));
        assertThat(problem.detail()).contains("3").contains("[2, 4, 8]");
    }
}
