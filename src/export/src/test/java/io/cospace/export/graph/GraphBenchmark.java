package io.cospace.export.graph;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.graph.Part.TextTower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One run of a whole tower on one thread, with random weights of the published shapes: a BERT of 12
 * layers and width 384, CLIP's ViT-B/32, and a decoder as Qwen3 of 8 layers and width 512. With
 * {@code -p file=FOLDER/model.onnx} an exporter's graph of the same tower runs instead, fed with
 * the same batch under the names {@code input_ids, attention_mask} or {@code pixel_values}.
 *
 * <pre>
 * src/evaluate/jmh export GraphBenchmark
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class GraphBenchmark {
    private static final String OWN = "own";
    private static final int VOCABULARY = 20_000;

    /** Tower, items and, for text, tokens of each. */
    @Param({"bert-1x16", "bert-8x16", "bert-8x128", "vit-1", "vit-8", "qwen-1x16", "qwen-8x128"})
    public String batch = "";

    @Param({"fp32", "int8", "int8-fast"})
    public String precision = "";

    @Param(OWN)
    public String file = OWN;

    private @Nullable GraphRunner runner;

    /** Writes the tower and its input. */
    @Setup(Level.Trial)
    public void open() throws IOException, OrtException {
        runner = runner(batch, precision, file);
    }

    /** A graph with its batch, as the parameters of this benchmark name them. */
    static GraphRunner runner(String batch, String precision, String file)
            throws IOException, OrtException {
        SplittableRandom random = new SplittableRandom(7);
        String tower = batch.substring(0, batch.indexOf('-'));
        String[] sizes = batch.substring(batch.indexOf('-') + 1).split("x", 2);
        int items = Integer.parseInt(sizes[0]);
        Path model = file.equals(OWN) ? write(tower, precision) : Path.of(file);
        GraphRunner opened = new GraphRunner(model);
        if (tower.equals("vit")) {
            float[] pixels = EfficientNetLiteTest.random(random, items * 3 * 224 * 224, 1);
            String name = file.equals(OWN) ? "pixels" : "pixel_values";
            return opened.floats(name, pixels, items, 3, 224, 224);
        }
        int tokens = Integer.parseInt(sizes[1]);
        long[] ids = random.longs((long) items * tokens, 5, VOCABULARY).toArray();
        opened.longs("input_ids", ids, items, tokens);
        return file.equals(OWN)
                ? opened.longs("lengths", fill(items, tokens), items)
                : opened.longs("attention_mask", fill(items * tokens, 1), items, tokens);
    }

    /** One batch. */
    @Benchmark
    public Object run() throws OrtException {
        return Objects.requireNonNull(runner).run();
    }

    /** Frees the session. */
    @TearDown(Level.Trial)
    public void close() throws OrtException {
        Objects.requireNonNull(runner).close();
    }

    private static Path write(String tower, String precision) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        Path folder = Files.createTempDirectory("graph-benchmark");
        Map<String, TensorInfo> shapes = new LinkedHashMap<>();
        ObjectNode config = JsonMapper.builder().build().createObjectNode();
        switch (tower) {
            case "bert" -> bert(shapes, config);
            case "vit" -> vit(shapes, config);
            default -> qwen(shapes, config);
        }
        SafetensorsWriter writer = new SafetensorsWriter();
        shapes.forEach((name, info) -> {
            int count = Math.toIntExact(info.elements());
            float[] values = EfficientNetLiteTest.random(random, count, 0.05f);
            writer.add(name, values, info.shape());
        });
        writer.write(folder.resolve("reference.safetensors"));
        Part part = Families.recognise(shapes, config).getFirst();
        PrecisionPlan plan = PrecisionPlan.of(named(precision));
        try (Safetensors reference = Safetensors.open(folder.resolve("reference.safetensors"))) {
            return GraphFile.write(folder, tower, plan, network(part, Weights.of(reference)));
        }
    }

    private static Network network(Part part, Weights weights) {
        return switch (part) {
            case ImageTower image -> image.network().apply(weights);
            case TextTower text ->
                    text.network()
                            .of(
                                    weights,
                                    TextLayout.PADDED,
                                    text.pooling(),
                                    0,
                                    text.head().apply(weights));
            case Part.Adapter adapter -> new AdapterNetwork(adapter.head().of(weights, true));
        };
    }

    private static Precision named(String id) {
        for (Precision precision : Precision.values()) {
            if (precision.id().equals(id)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("precision " + id);
    }

    private static long[] fill(int count, long value) {
        long[] values = new long[count];
        java.util.Arrays.fill(values, value);
        return values;
    }

    private static void bert(Map<String, TensorInfo> shapes, ObjectNode config) {
        config.put("model_type", "bert").put("num_attention_heads", 12);
        add(shapes, "embeddings.word_embeddings.weight", VOCABULARY, 384);
        add(shapes, "embeddings.position_embeddings.weight", 512, 384);
        add(shapes, "embeddings.token_type_embeddings.weight", 2, 384);
        norm(shapes, "embeddings.LayerNorm", 384);
        for (int i = 0; i < 12; i++) {
            String layer = "encoder.layer." + i + ".";
            linear(shapes, layer + "attention.self.query", 384, 384);
            linear(shapes, layer + "attention.self.key", 384, 384);
            linear(shapes, layer + "attention.self.value", 384, 384);
            linear(shapes, layer + "attention.output.dense", 384, 384);
            norm(shapes, layer + "attention.output.LayerNorm", 384);
            linear(shapes, layer + "intermediate.dense", 1536, 384);
            linear(shapes, layer + "output.dense", 384, 1536);
            norm(shapes, layer + "output.LayerNorm", 384);
        }
    }

    private static void vit(Map<String, TensorInfo> shapes, ObjectNode config) {
        config.put("quick_gelu", true);
        add(shapes, "visual.conv1.weight", 768, 3, 32, 32);
        add(shapes, "visual.class_embedding", 768);
        add(shapes, "visual.positional_embedding", 50, 768);
        add(shapes, "visual.proj", 768, 512);
        norm(shapes, "visual.ln_pre", 768);
        norm(shapes, "visual.ln_post", 768);
        for (int i = 0; i < 12; i++) {
            String block = "visual.transformer.resblocks." + i + ".";
            norm(shapes, block + "ln_1", 768);
            norm(shapes, block + "ln_2", 768);
            add(shapes, block + "attn.in_proj_weight", 3 * 768, 768);
            add(shapes, block + "attn.in_proj_bias", 3 * 768);
            linear(shapes, block + "attn.out_proj", 768, 768);
            linear(shapes, block + "mlp.c_fc", 3072, 768);
            linear(shapes, block + "mlp.c_proj", 768, 3072);
        }
    }

    private static void qwen(Map<String, TensorInfo> shapes, ObjectNode config) {
        config.put("model_type", "qwen3")
                .put("num_attention_heads", 8)
                .put("num_key_value_heads", 2)
                .put("head_dim", 64)
                .put("hidden_size", 512);
        add(shapes, "embed_tokens.weight", VOCABULARY, 512);
        add(shapes, "norm.weight", 512);
        for (int i = 0; i < 8; i++) {
            String layer = "layers." + i + ".";
            add(shapes, layer + "input_layernorm.weight", 512);
            add(shapes, layer + "post_attention_layernorm.weight", 512);
            add(shapes, layer + "self_attn.q_norm.weight", 64);
            add(shapes, layer + "self_attn.k_norm.weight", 64);
            add(shapes, layer + "self_attn.q_proj.weight", 512, 512);
            add(shapes, layer + "self_attn.k_proj.weight", 128, 512);
            add(shapes, layer + "self_attn.v_proj.weight", 128, 512);
            add(shapes, layer + "self_attn.o_proj.weight", 512, 512);
            add(shapes, layer + "mlp.gate_proj.weight", 1536, 512);
            add(shapes, layer + "mlp.up_proj.weight", 1536, 512);
            add(shapes, layer + "mlp.down_proj.weight", 512, 1536);
        }
    }

    private static void add(Map<String, TensorInfo> shapes, String name, long... shape) {
        shapes.put(name, new TensorInfo(DataType.F32, shape));
    }

    private static void linear(Map<String, TensorInfo> shapes, String name, long out, long in) {
        add(shapes, name + ".weight", out, in);
        add(shapes, name + ".bias", out);
    }

    private static void norm(Map<String, TensorInfo> shapes, String name, long width) {
        add(shapes, name + ".weight", width);
        add(shapes, name + ".bias", width);
    }
}
