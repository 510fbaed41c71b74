package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Windows;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every text encoder. */
abstract class TextContract extends EncoderContract<TokenizedText> {

    private static final List<String> TEXTS =
            List.of(
                    "a red dog",
                    "A photo of a black cat on the grass, in the sun.",
                    "un chat",
                    "x",
                    "ein blaues Quadrat und 12 Kreise",
                    "the white square",
                    "0123456789",
                    "green, green: \"green\"!",
                    "cat");

    private Encoder encoder;
    private List<TokenizedText> inputs;

    abstract Encoder open();

    @BeforeAll
    void openEncoder() {
        encoder = open();
        inputs =
                TEXTS.stream()
                        .map(text -> encoder.text().tokenize(text, Task.DOCUMENT))
                        .map(tokens -> encoder.text().truncate(tokens, Side.START))
                        .toList();
    }

    @AfterAll
    void closeEncoder() {
        encoder.close();
    }

    @Override
    List<TokenizedText> inputs() {
        return inputs;
    }

    @Override
    List<float[]> embed(List<TokenizedText> batch, Width width) {
        return encoder.text().embed(batch, width);
    }

    @Override
    int dimensions() {
        return encoder.bundle().manifest().dimensions();
    }

    @Test
    void a_pooled_row_adapted_is_the_vector() {
        List<float[]> pooled = encoder.text().pool(inputs, Width.NARROW);
        List<float[]> vectors = encoder.text().embed(inputs, Width.NARROW);
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(Vectors.dot(encoder.text().adapt(pooled.get(i)), vectors.get(i)))
                    .isGreaterThan(SAME);
        }
    }

    @Test
    void a_long_text_is_pooled_over_windows_and_one_more_token_moves_it_little() {
        String words =
                "the red dog and the blue cat on the grass in the sun of the square. ".repeat(120);
        float[] vector = pooledOverWindows(words);
        float[] longer = pooledOverWindows(words + " cat");

        assertThat(Vectors.dot(vector, longer)).isGreaterThan(0.999).isLessThan(1.000001);
    }

    @Test
    void a_text_longer_than_the_model_reads_is_refused() {
        TokenizedText text = encoder.text().tokenize("cat ".repeat(2000), Task.QUERY);

        assertThatThrownBy(() -> encoder.text().embed(List.of(text), Width.NARROW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "text has %d tokens; must be at most %d",
                        text.length(), encoder.text().maxTokens());
    }

    private float[] pooledOverWindows(String text) {
        List<Windows.Window> windows =
                Windows.of(
                        encoder.text().tokenize(text, Task.DOCUMENT), encoder.text().maxTokens());
        assertThat(windows).hasSizeGreaterThan(2);
        List<float[]> pooled =
                encoder.text()
                        .pool(windows.stream().map(Windows.Window::tokens).toList(), Width.NARROW);
        return encoder.text().adapt(Windows.mean(windows, pooled));
    }
}
