package io.cospace.export.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizers whose words are {@code w0, w1, ...} with those numbers as ids, so that golden token
 * ids can be written as texts.
 */
final class TinyTokenizer {
    private TinyTokenizer() {}

    /**
     * Writes a {@code tokenizer.json}.
     *
     * @param special other names of some ids, cut out of the text before it is split at spaces
     * @param first name of a token put before every text, or null
     * @param last name of a token put behind every text, or null
     */
    static void write(
            Path folder,
            int size,
            Map<Integer, String> special,
            @Nullable String first,
            @Nullable String last)
            throws IOException {
        ObjectNode root = JsonFile.MAPPER.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        new TreeMap<>(special)
                .forEach((id, name) ->
                        added.addObject()
                                .put("id", id)
                                .put("content", name)
                                .put("single_word", false)
                                .put("lstrip", false)
                                .put("rstrip", false)
                                .put("normalized", false)
                                .put("special", true));
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        template(root.putObject("post_processor"), special, first, last);
        ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", "w0");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < size; id++) {
            vocabulary.put(special.getOrDefault(id, "w" + id), id);
        }
        Files.write(folder.resolve("tokenizer.json"), JsonFile.MAPPER.writeValueAsBytes(root));
    }

    private static void template(
            ObjectNode node,
            Map<Integer, String> special,
            @Nullable String first,
            @Nullable String last) {
        ArrayNode single = node.put("type", "TemplateProcessing").putArray("single");
        ObjectNode tokens = node.putObject("special_tokens");
        special(single, tokens, special, first);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        special(single, tokens, special, last);
        node.putArray("pair");
    }

    private static void special(
            ArrayNode single,
            ObjectNode tokens,
            Map<Integer, String> special,
            @Nullable String name) {
        if (name == null) {
            return;
        }
        int id =
                new TreeMap<>(special)
                        .entrySet().stream()
                                .filter(entry -> entry.getValue().equals(name))
                                .findFirst()
                                .orElseThrow()
                                .getKey();
        single.addObject().putObject("SpecialToken").put("id", name).put("type_id", 0);
        ObjectNode token = tokens.putObject(name).put("id", name);
        token.putArray("ids").add(id);
        token.putArray("tokens").add(name);
    }

    /** The text of which ids {@code from} to {@code to} of a row become these ids again. */
    static String text(long[] ids, int from, int to) {
        return Arrays.stream(ids, from, to)
                .mapToObj(id -> "w" + id)
                .collect(Collectors.joining(" "));
    }
}
