package io.cospace.evaluate;

import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Chunks;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Windows;
import java.util.ArrayList;
import java.util.List;

/**
 * The vectors that the service would give for one long text, each way that it offers.
 *
 * @param tokens of the whole text
 * @param pool the vector of the whole, from overlapping windows
 * @param chunks one vector a chunk
 * @param truncated the vector of the first tokens that the model reads
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record LongTextVectors(int tokens, float[] pool, List<float[]> chunks, float[] truncated) {

    /** Windows that run at once: 2,048 tokens of a model that reads 512. */
    private static final int BATCH = 4;

    static LongTextVectors of(TextEncoder encoder, String text) {
        TokenizedText whole = encoder.tokenize(text, Task.DOCUMENT);
        List<Windows.Window> windows = Windows.of(whole, encoder.maxTokens());
        List<float[]> pooled =
                batched(
                        windows.stream().map(Windows.Window::tokens).toList(),
                        batch -> encoder.pool(batch, Width.NARROW));
        List<float[]> chunks =
                batched(
                        Chunks.of(text, whole, encoder.maxTokens()).stream()
                                .map(Chunks.Chunk::tokens)
                                .toList(),
                        batch -> encoder.embed(batch, Width.NARROW));
        TokenizedText cut = encoder.truncate(whole, Side.START);
        return new LongTextVectors(
                whole.length(),
                encoder.adapt(Windows.mean(windows, pooled)),
                chunks,
                encoder.embed(List.of(cut), Width.NARROW).getFirst());
    }

    private interface Run {
        List<float[]> rows(List<TokenizedText> batch);
    }

    private static List<float[]> batched(List<TokenizedText> texts, Run run) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += BATCH) {
            rows.addAll(run.rows(texts.subList(from, Math.min(from + BATCH, texts.size()))));
        }
        return rows;
    }
}
