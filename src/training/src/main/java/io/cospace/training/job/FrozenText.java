package io.cospace.training.job;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.Modality;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.training.data.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Raw text vectors of a frozen embedder, by the code and at the precision that serve it, kept in a
 * {@link VectorStore}. A text longer than the model reads keeps its start.
 */
public final class FrozenText implements AutoCloseable {
    /** Padded tokens in a batch: the best size for small encoders on a processor. */
    private static final int TOKENS = 512;

    private final VectorStore store;

    private FrozenText(VectorStore store) {
        this.store = store;
    }

    /**
     * Opens the store and computes what it lacks.
     *
     * @param bundle whose text tower is used
     * @param precision of that tower, or {@code auto}
     * @param wanted which of its vectors
     * @param root folder of all stores
     * @param progress told how many of the missing texts are done
     */
    public static FrozenText of(
            Path bundle,
            String precision,
            Wanted wanted,
            Path root,
            VectorStore.Precision kept,
            List<String> texts,
            LongConsumer progress) {
        EncoderSettings settings =
                new EncoderSettings(new Device.Cpu(), precision, 1, Verification.AUTO);
        try (Encoder encoder = Encoder.open(bundle, settings)) {
            String fingerprint =
                    "%s-%s-%s"
                            .formatted(
                                    wanted.name,
                                    encoder.bundle().manifest().space(),
                                    encoder.state(Modality.TEXT).precision());
            int length = vectors(encoder, wanted, List.of("a")).getFirst().length;
            VectorStore store = VectorStore.open(root, fingerprint, length, kept);
            Map<String, String> byKey = new HashMap<>();
            texts.forEach(text -> byKey.put(VectorStore.key(text), text));
            store.fill(
                    texts.stream().map(VectorStore::key).toList(),
                    keys -> vectors(encoder, wanted, keys.stream().map(byKey::get).toList()),
                    progress);
            return new FrozenText(store);
        }
    }

    /** Which vectors of a text tower. */
    public enum Wanted {
        /** Raw ones, before the adapter. */
        POOLED("text"),
        /** Those of the shared space. */
        SHARED("shared-text");

        private final String name;

        Wanted(String name) {
            this.name = name;
        }
    }

    private record Numbered(int place, TokenizedText text) {}

    private static List<float[]> vectors(Encoder encoder, Wanted wanted, List<String> texts) {
        List<Numbered> tokens = new ArrayList<>();
        for (String text : texts) {
            TokenizedText whole = encoder.text().tokenize(text, Task.DOCUMENT);
            tokens.add(new Numbered(tokens.size(), encoder.text().truncate(whole, Side.START)));
        }
        tokens.sort(Comparator.comparingInt(t -> -t.text().length()));
        List<List<Numbered>> batches = new ArrayList<>();
        for (int from = 0; from < tokens.size(); ) {
            int fit = Math.max(1, TOKENS / tokens.get(from).text().length());
            int to = Math.min(tokens.size(), from + fit);
            batches.add(tokens.subList(from, to));
            from = to;
        }
        Map<Integer, float[]> rows = new ConcurrentHashMap<>();
        batches.parallelStream()
                .forEach(batch -> {
                    List<TokenizedText> some = batch.stream().map(Numbered::text).toList();
                    List<float[]> pooled =
                            switch (wanted) {
                                case POOLED -> encoder.text().pool(some, Width.NARROW);
                                case SHARED -> encoder.text().embed(some, Width.NARROW);
                            };
                    for (int i = 0; i < batch.size(); i++) {
                        rows.put(batch.get(i).place(), pooled.get(i));
                    }
                });
        return IntStream.range(0, texts.size()).mapToObj(rows::get).toList();
    }

    /** Values of a vector. */
    public int length() {
        return store.length();
    }

    /** The raw vector of a text that was among those asked for. */
    public float[] vector(String text) {
        return store.read(VectorStore.key(text));
    }

    @Override
    public void close() {
        store.close();
    }
}
