package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.graph.Part.Pooling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a sentence-transformers folder says of pooling, layers behind it, prompts and length
 * (sentence-transformers 5, {@code modules.json}, {@code 1_Pooling/config.json}, {@code
 * config_sentence_transformers.json}, {@code sentence_bert_config.json}).
 *
 * @param pooling how one row is made of all; empty if the folder has no {@code modules.json}
 * @param dense folders of dense layers behind the pooling, in order
 * @param query prompt of queries; empty text for none
 * @param document prompt of documents
 * @param maxTokens most tokens of a text, if the folder says so
 */
record SentenceTransformers(
        Optional<Pooling> pooling,
        List<Path> dense,
        String query,
        String document,
        OptionalInt maxTokens) {
    private static final List<String> QUERY_PROMPTS = List.of("query", "s2p_query", "search_query");
    private static final List<String> DOCUMENT_PROMPTS =
            List.of("document", "passage", "search_document");

    /** Pooling modes that a graph can have, by the key that switches them on. */
    private static final Map<String, Pooling> POOLINGS =
            Map.of(
                    "pooling_mode_mean_tokens", Pooling.MEAN,
                    "pooling_mode_cls_token", Pooling.FIRST,
                    "pooling_mode_lasttoken", Pooling.LAST);

    /**
     * Reads a folder, which need not be of sentence-transformers.
     *
     * @throws ImportException for modules and modes that are not computed here; names them
     */
    static SentenceTransformers read(Path folder) {
        Optional<Pooling> pooling = Optional.empty();
        List<Path> dense = new ArrayList<>();
        Path modules = folder.resolve("modules.json");
        if (Files.isRegularFile(modules)) {
            for (JsonNode module : JsonFile.read(modules)) {
                String type = module.path("type").asText();
                Path path = folder.resolve(module.path("path").asText()).normalize();
                if (!path.startsWith(folder.normalize())) {
                    throw new ImportException(modules, "path " + path + " leaves the folder");
                }
                switch (type.substring(type.lastIndexOf('.') + 1)) {
                    case "Transformer", "Normalize" -> {
                        // The tower itself; vectors are always brought to unit length.
                    }
                    case "Pooling" -> pooling = Optional.of(pooling(path.resolve("config.json")));
                    case "Dense" -> dense.add(path);
                    default -> throw new ImportException(modules, "module " + type + " is unknown");
                }
            }
        }
        JsonNode prompts =
                JsonFile.optional(folder.resolve("config_sentence_transformers.json"))
                        .path("prompts");
        return new SentenceTransformers(
                pooling,
                List.copyOf(dense),
                prompt(prompts, QUERY_PROMPTS),
                prompt(prompts, DOCUMENT_PROMPTS),
                maxTokens(folder.resolve("sentence_bert_config.json")));
    }

    private static Pooling pooling(Path file) {
        JsonNode json = JsonFile.read(file);
        List<String> on = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (entry.getKey().startsWith("pooling_mode_") && entry.getValue().asBoolean()) {
                on.add(entry.getKey());
            }
        }
        Pooling pooling = on.size() == 1 ? POOLINGS.get(on.getFirst()) : null;
        if (pooling == null) {
            throw new ImportException(
                    file, "pooling is " + on + "; known is one of " + POOLINGS.keySet());
        }
        if (pooling == Pooling.MEAN && !json.path("include_prompt").asBoolean(true)) {
            throw new ImportException(
                    file, "include_prompt is false; the prompt is part of the mean");
        }
        return pooling;
    }

    private static String prompt(JsonNode prompts, List<String> names) {
        return names.stream()
                .filter(prompts::has)
                .findFirst()
                .map(name -> prompts.path(name).asText())
                .orElse("");
    }

    private static OptionalInt maxTokens(Path file) {
        JsonNode json = JsonFile.optional(file);
        if (json.path("do_lower_case").asBoolean(false)) {
            throw new ImportException(
                    file, "do_lower_case is true; lower case must be the tokenizer's own step");
        }
        int length = json.path("max_seq_length").asInt(0);
        return length > 0 ? OptionalInt.of(length) : OptionalInt.empty();
    }
}
