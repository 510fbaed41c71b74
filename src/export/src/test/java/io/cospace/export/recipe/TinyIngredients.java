package io.cospace.export.recipe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.export.checkpoint.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;

/**
 * A folder of ingredients in the real layout with networks of a few kilobytes: a BERT of one layer
 * over single letters, an EfficientNet-Lite of one block a stage, five classes, a dozen pairs. All
 * numbers come from one seed.
 */
final class TinyIngredients {
    static final int FEATURES = 16;
    static final int CLASSES = 5;

    private static final int WIDTH = 4;
    private static final int HEAD = 12;
    private static final int POSITIONS = 96;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz :,";
    private static final int SIDE = 24;

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    private final Path folder;

    private TinyIngredients(Path folder) {
        this.folder = folder;
    }

    /** Writes everything below {@code folder}. */
    static Path write(Path folder) throws IOException {
        TinyIngredients tiny = new TinyIngredients(folder);
        for (String part : List.of("text", "image", "pairs")) {
            Files.createDirectories(folder.resolve(part));
        }
        tiny.writeText();
        tiny.writeImage();
        tiny.writePairs();
        for (String license :
                List.of(
                        "text/LICENSE",
                        "image/LICENSE-efficientnet-lite.txt",
                        "image/LICENSE-wordnet.txt",
                        "pairs/LICENSE-openclipart.txt",
                        "pairs/LICENSE-emoji.txt",
                        "pairs/LICENSE-cldr.txt")) {
            Files.writeString(folder.resolve(license), "Terms of " + license + "\n");
        }
        return folder;
    }

    private void writeText() throws IOException {
        SafetensorsWriter weights = new SafetensorsWriter();
        add(weights, "embeddings.word_embeddings.weight", LETTERS.length() + 3, FEATURES);
        add(weights, "embeddings.position_embeddings.weight", POSITIONS, FEATURES);
        add(weights, "embeddings.token_type_embeddings.weight", 2, FEATURES);
        norm(weights, "embeddings.LayerNorm");
        String layer = "encoder.layer.0.";
        for (String name : List.of("query", "key", "value")) {
            linear(weights, layer + "attention.self." + name, FEATURES, FEATURES);
        }
        linear(weights, layer + "attention.output.dense", FEATURES, FEATURES);
        norm(weights, layer + "attention.output.LayerNorm");
        linear(weights, layer + "intermediate.dense", 2 * FEATURES, FEATURES);
        linear(weights, layer + "output.dense", FEATURES, 2 * FEATURES);
        norm(weights, layer + "output.LayerNorm");
        weights.write(folder.resolve("text/model.q4.safetensors"));
        Files.writeString(
                folder.resolve("text/config.json"),
                "{\"model_type\": \"bert\", \"num_attention_heads\": 2, \"layer_norm_eps\": 1e-12, \"hidden_act\": \"gelu\"}");
        Files.writeString(folder.resolve("text/tokenizer.json"), tokenizer());
    }

    /** One token a letter; what is no letter of the list is {@code <unk>}. */
    private static String tokenizer() {
        StringBuilder vocabulary = new StringBuilder("\"<s>\": 0, \"</s>\": 1, \"<unk>\": 2");
        for (int i = 0; i < LETTERS.length(); i++) {
            vocabulary.append(", \"").append(LETTERS.charAt(i)).append("\": ").append(i + 3);
        }
        return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [
           {"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
           {"id": 1, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "normalizer": null,
         "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": false},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
           "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
         "decoder": null,
         "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "<unk>"}}
        """
                .formatted(vocabulary);
    }

    private void writeImage() throws IOException {
        SafetensorsWriter weights = new SafetensorsWriter();
        convolution(weights, "conv_stem", "bn1", WIDTH, 3, 3);
        convolution(weights, "blocks.0.0.conv_dw", "blocks.0.0.bn1", WIDTH, 1, 3);
        convolution(weights, "blocks.0.0.conv_pw", "blocks.0.0.bn2", WIDTH, WIDTH, 1);
        for (int stage = 1; stage <= 6; stage++) {
            String block = "blocks." + stage + ".0.";
            convolution(weights, block + "conv_pw", block + "bn1", 2 * WIDTH, WIDTH, 1);
            convolution(weights, block + "conv_dw", block + "bn2", 2 * WIDTH, 1, 3);
            convolution(weights, block + "conv_pwl", block + "bn3", WIDTH, 2 * WIDTH, 1);
        }
        convolution(weights, "conv_head", "bn2", HEAD, WIDTH, 1);
        linear(weights, "classifier", CLASSES, HEAD);
        weights.write(folder.resolve("image/efficientnet-lite0.safetensors"));
        Files.writeString(
                folder.resolve("image/imagenet-classes.json"),
                """
                [{"wnid": "n1", "lemmas": ["fish"], "gloss": "it swims"},
                 {"wnid": "n2", "lemmas": ["bird", "fowl"], "gloss": "it flies"},
                 {"wnid": "n3", "lemmas": ["house"], "gloss": "one lives in it"},
                 {"wnid": "n4", "lemmas": ["tree"], "gloss": "it grows"},
                 {"wnid": "n5", "lemmas": ["boat"], "gloss": "it floats"}]
                """);
    }

    private void writePairs() throws IOException {
        tar(
                "train-0000.tar",
                List.of(
                        "{\"caption\": \"a red fish\", \"keywords\": [\"fish\", \"red\"], \"source\": \"openclipart\"}",
                        "{\"caption\": \"two birds\", \"description\": \"Two birds on a wire.\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"my house\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"an oak\", \"keywords\": [\"tree\"], \"source\": \"openclipart\"}",
                        "{\"caption\": \"a sailing boat\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"red apple\", \"source\": \"twemoji\", \"emoji\": \"1f34e\"}",
                        "{\"caption\": \"red apple\", \"source\": \"noto-emoji\", \"emoji\": \"1f34e\"}"));
        tar(
                "val-0000.tar",
                List.of(
                        "{\"caption\": \"a pond\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"an owl\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"pear\", \"source\": \"twemoji\", \"emoji\": \"1f350\"}"));
        tar(
                "test-0000.tar",
                List.of(
                        "{\"caption\": \"a cottage\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"a pine\", \"source\": \"openclipart\"}",
                        "{\"caption\": \"lemon\", \"source\": \"twemoji\", \"emoji\": \"1f34b\"}",
                        "{\"caption\": \"lemon\", \"source\": \"noto-emoji\", \"emoji\": \"1f34b\"}"));
        try (OutputStream out =
                new GZIPOutputStream(
                        Files.newOutputStream(folder.resolve("pairs/emoji-names.jsonl.gz")))) {
            out.write(
                    """
                    {"emoji": "1f34e", "char": "a", "names": {"en": "red apple", "de": "roter apfel"}, "keywords": {}}
                    {"emoji": "1f350", "char": "b", "names": {"en": "pear", "de": "birne"}, "keywords": {}}
                    """
                            .getBytes(UTF_8));
        }
    }

    private void tar(String name, List<String> samples) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (int i = 0; i < samples.size(); i++) {
            byte[] rgb = new byte[3 * SIDE * SIDE];
            random.nextBytes(rgb);
            // A plain ground of one colour in half of the picture, so that pictures differ in more
            // than noise.
            Arrays.fill(rgb, 0, rgb.length / 2, (byte) random.nextInt());
            member(tar, i + ".png", PlainPng.encode(SIDE, SIDE, rgb));
            member(tar, i + ".json", samples.get(i).getBytes(UTF_8));
        }
        tar.writeBytes(new byte[1024]);
        Files.write(folder.resolve("pairs").resolve(name), tar.toByteArray());
    }

    /** A ustar header (POSIX.1-1988) and the content, both in blocks of 512 bytes. */
    private static void member(ByteArrayOutputStream tar, String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
        put(header, 124, String.format(Locale.ROOT, "%011o\0", content.length) + "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        tar.writeBytes(header);
        tar.writeBytes(Arrays.copyOf(content, Math.ceilDiv(content.length, 512) * 512));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private void linear(SafetensorsWriter weights, String name, int out, int in) {
        add(weights, name + ".weight", out, in);
        add(weights, name + ".bias", out);
    }

    private void norm(SafetensorsWriter weights, String name) {
        fill(weights, name + ".weight", 1, FEATURES);
        add(weights, name + ".bias", FEATURES);
    }

    private void convolution(
            SafetensorsWriter weights, String conv, String norm, int out, int in, int kernel) {
        add(weights, conv + ".weight", out, in, kernel, kernel);
        fill(weights, norm + ".weight", 1, out);
        add(weights, norm + ".bias", out);
        fill(weights, norm + ".running_mean", 0, out);
        fill(weights, norm + ".running_var", 1, out);
    }

    /** Normal numbers, scaled so that a layer keeps the size of what it is given. */
    private void add(SafetensorsWriter weights, String name, long... shape) {
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        double scale = shape.length == 1 ? 0.1 : 1 / Math.sqrt(count / (double) shape[0]);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        weights.add(name, values, shape);
    }

    private static void fill(SafetensorsWriter weights, String name, float value, int count) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        weights.add(name, values, count);
    }
}
