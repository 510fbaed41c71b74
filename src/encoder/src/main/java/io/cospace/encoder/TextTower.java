package io.cospace.encoder;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.AdapterModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.TextModel;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Tokenizer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The text tower of an open bundle. */
final class TextTower implements TextEncoder, AutoCloseable {

    private final Gate gate = new Gate();
    private final Resources resources;
    private final TextModel model;
    private final Optional<AdapterModel> adapter;
    private final Tokenizer tokenizer;
    private final int maxTokens;

    private TextTower(
            Resources resources, ModelBundle bundle, String precision, SessionSettings settings) {
        Manifest manifest = bundle.manifest();
        Manifest.Graph graph = manifest.precisions().text().graph(precision);
        Manifest.TextInputs layout =
                Objects.requireNonNull(graph.inputs(), "the manifest demands it of text graphs");
        int dimensions = manifest.dimensions();
        this.resources = resources;
        maxTokens = manifest.text().maxTokens();
        Aside<Tokenizer> reading =
                Aside.start(
                        "cospace-open-tokenizer",
                        () -> Tokenizer.open(bundle.file(Manifest.TOKENIZER), manifest.text()));
        try {
            model =
                    resources.add(
                            TextModel.open(bundle.file(graph.file()), layout, dimensions, settings),
                            TextModel::close);
            adapter = openAdapter(resources, bundle, model.pooledDimensions(), settings);
        } catch (RuntimeException e) {
            reading.discard(Tokenizer::close);
            throw e;
        }
        tokenizer = resources.add(reading.join(), Tokenizer::close);
    }

    private static Optional<AdapterModel> openAdapter(
            Resources resources, ModelBundle bundle, int pooled, SessionSettings settings) {
        if (!bundle.has(Manifest.ADAPTER)) {
            return Optional.empty();
        }
        return Optional.of(
                resources.add(
                        AdapterModel.open(
                                bundle.file(Manifest.ADAPTER),
                                pooled,
                                bundle.manifest().dimensions(),
                                settings),
                        AdapterModel::close));
    }

    /** Loads graph and adapter, and the tokenizer beside them. */
    static TextTower open(ModelBundle bundle, String precision, SessionSettings settings) {
        Resources resources = new Resources();
        try {
            return new TextTower(resources, bundle, precision, settings);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    @Override
    public int maxTokens() {
        return maxTokens;
    }

    @Override
    public TokenizedText tokenize(String text, Task task) {
        return gate.pass(() -> tokenizer.tokenize(text, task));
    }

    @Override
    public List<String> pieces(String text, Task task) {
        return gate.pass(() -> tokenizer.pieces(text, task));
    }

    @Override
    public TokenizedText truncate(TokenizedText text, Side keep) {
        return tokenizer.truncate(text, keep);
    }

    @Override
    public List<float[]> embed(List<TokenizedText> batch, Width width) {
        checkLengths(batch);
        return gate.pass(() -> model.embed(batch, width));
    }

    @Override
    public List<float[]> pool(List<TokenizedText> batch, Width width) {
        checkLengths(batch);
        return gate.pass(() -> model.pool(batch, width));
    }

    @Override
    public float[] adapt(float[] pooled) {
        if (adapter.isPresent()) {
            return gate.pass(() -> adapter.get().embed(pooled));
        }
        if (!Vectors.hasDirection(pooled)) {
            throw new InferenceException("pooled row has no finite direction");
        }
        return Vectors.normalise(pooled);
    }

    @Override
    public void close() {
        gate.close(resources::close);
    }

    private void checkLengths(List<TokenizedText> batch) {
        for (TokenizedText text : batch) {
            if (text.length() > maxTokens) {
                throw new IllegalArgumentException(
                        "text has " + text.length() + " tokens; must be at most " + maxTokens);
            }
        }
    }
}
