package io.cospace.encoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** The golden token files. */
final class Golden {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /** Opens the tokenizer of {@code family}, {@code xlmr} or {@code clip}. */
    static Tokenizer tokenizer(String family, TextFormat format) {
        try {
            Path file = Files.createTempFile("tokenizer", ".json");
            try {
                Files.write(file, read(family + "/tokenizer.json.gz"));
                return Tokenizer.open(file, format);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A format without prompts. */
    static TextFormat format(int maxTokens) {
        return format(maxTokens, "", "");
    }

    static TextFormat format(int maxTokens, String query, String document) {
        return new TextFormat(
                maxTokens, TextFormat.Pooling.MEAN, new TextFormat.Prompts(query, document), null);
    }

    /** All cases of {@code family}, one JSON object each. */
    static List<JsonNode> cases(String family) {
        String lines = new String(read(family + "/cases.jsonl.gz"), StandardCharsets.UTF_8);
        return lines.lines().map(Golden::parse).toList();
    }

    static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A golden file, unpacked. */
    static byte[] read(String name) {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/tokenise/" + name);
                InputStream plain = new GZIPInputStream(Objects.requireNonNull(file, name))) {
            return plain.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
