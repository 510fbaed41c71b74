package io.cospace.encoder.text.unigram;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a {@code tokenizer.json} and decides whether it is one for {@link UnigramTokenizer}: when
 * it says anything that is not known here to the last field, it is not. Truncation and padding are
 * ignored, since both are switched off whatever a file says; so is the way back to a text.
 */
final class TokenizerJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** With more, looking for each at every place of a text would no longer be fast. */
    private static final int MOST_ADDED = 64;

    private static final Set<String> FIELDS =
            Set.of(
                    "version",
                    "truncation",
                    "padding",
                    "added_tokens",
                    "normalizer",
                    "pre_tokenizer",
                    "post_processor",
                    "decoder",
                    "model");

    private static final Set<String> ADDED_FIELDS =
            Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");

    private TokenizerJson() {}

    static Optional<UnigramTokenizer> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int from = vocabulary(bytes);
        VocabularyScanner scan = from < 0 ? null : VocabularyScanner.scan(bytes, from);
        if (scan == null) {
            return Optional.empty();
        }
        JsonNode root = JSON.readTree(without(bytes, from, scan.end()));
        Optional<Vocabulary> vocabulary = vocabulary(root.path("model"), scan);
        boolean known =
                fields(root, FIELDS)
                        && root.path("version").asText().equals("1.0")
                        && splitsWords(root.path("pre_tokenizer"));
        if (!known || vocabulary.isEmpty()) {
            return Optional.empty();
        }
        return tokenizer(root, vocabulary.get());
    }

    private static Optional<UnigramTokenizer> tokenizer(JsonNode root, Vocabulary vocabulary) {
        Optional<CharacterMap> map = map(root.path("normalizer"));
        Optional<AddedTokens> added = added(root.path("added_tokens"), vocabulary);
        if (map.isEmpty() || added.isEmpty()) {
            return Optional.empty();
        }
        return TemplateJson.read(root.path("post_processor"))
                .map(template ->
                        new UnigramTokenizer(
                                vocabulary,
                                map.get(),
                                added.get(),
                                template.head(),
                                template.tail()));
    }

    /** Where the array of pieces starts; -1 when there is none. */
    private static int vocabulary(byte[] bytes) throws IOException {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (enter(parser, "model", JsonToken.START_OBJECT)
                    && enter(parser, "vocab", JsonToken.START_ARRAY)) {
                return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            }
            return -1;
        }
    }

    /** Goes to the value of field {@code name} of the next object; whether it starts so. */
    private static boolean enter(JsonParser parser, String name, JsonToken start)
            throws IOException {
        if (parser.currentToken() == null) {
            parser.nextToken();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            JsonToken value = parser.nextToken();
            if (found) {
                return value == start;
            }
            parser.skipChildren();
        }
        return false;
    }

    /** The file with an empty array in place of the pieces: a small rest. */
    private static InputStream without(byte[] bytes, int from, int to) {
        InputStream before = new ByteArrayInputStream(bytes, 0, from + 1);
        InputStream behind = new ByteArrayInputStream(bytes, to - 1, bytes.length - to + 1);
        return new SequenceInputStream(before, behind);
    }

    private static Optional<Vocabulary> vocabulary(JsonNode model, VocabularyScanner scan) {
        JsonNode unknown = model.path("unk_id");
        double[] scores = scan.scores();
        boolean known =
                isA(model, "Unigram")
                        && fields(model, Set.of("type", "unk_id", "vocab", "byte_fallback"))
                        && !model.path("byte_fallback").asBoolean()
                        && unknown.isInt()
                        && unknown.asInt() >= 0
                        && unknown.asInt() < scores.length;
        return known
                ? Optional.of(new Vocabulary(scan.pieces(), scores, unknown.asInt()))
                : Optional.empty();
    }

    private static Optional<CharacterMap> map(JsonNode node) {
        if (!isA(node, "Precompiled") || !fields(node, Set.of("type", "precompiled_charsmap"))) {
            return Optional.empty();
        }
        try {
            String text = node.path("precompiled_charsmap").asText();
            return Optional.of(CharacterMap.of(Base64.getDecoder().decode(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** White space first, then the mark before every word and at every mark. */
    private static boolean splitsWords(JsonNode node) {
        JsonNode steps = node.path("pretokenizers");
        return isA(node, "Sequence")
                && fields(node, Set.of("type", "pretokenizers"))
                && steps.size() == 2
                && isA(steps.path(0), "WhitespaceSplit")
                && fields(steps.path(0), Set.of("type"))
                && marksWords(steps.path(1));
    }

    private static boolean marksWords(JsonNode node) {
        Set<String> names =
                Set.of("type", "replacement", "add_prefix_space", "prepend_scheme", "split");
        return isA(node, "Metaspace")
                && fields(node, names)
                && node.path("replacement").asText().equals(String.valueOf(UnigramTokenizer.MARK))
                && node.path("add_prefix_space").asBoolean(true)
                && node.path("prepend_scheme").asText("always").equals("always")
                && node.path("split").asBoolean(true);
    }

    private static Optional<AddedTokens> added(JsonNode node, Vocabulary vocabulary) {
        if (!node.isArray() || node.size() > MOST_ADDED) {
            return Optional.empty();
        }
        List<AddedTokens.Added> tokens = new ArrayList<>();
        for (JsonNode one : node) {
            String content = one.path("content").asText();
            boolean simple =
                    fields(one, ADDED_FIELDS)
                            && one.size() == ADDED_FIELDS.size()
                            && !content.isEmpty()
                            && !one.path("single_word").asBoolean(true)
                            && !one.path("rstrip").asBoolean(true)
                            && !one.path("normalized").asBoolean(true);
            int id = one.path("id").asInt(-1);
            if (!simple || id < 0 || vocabulary.pieces().id(content) != id) {
                return Optional.empty();
            }
            tokens.add(new AddedTokens.Added(id, content, one.path("lstrip").asBoolean()));
        }
        return Optional.of(new AddedTokens(tokens));
    }

    static boolean isA(JsonNode node, String type) {
        return node.path("type").asText().equals(type);
    }

    /** Whether {@code node} is an object that has no other fields than {@code names}. */
    static boolean fields(JsonNode node, Set<String> names) {
        Set<String> all = new HashSet<>();
        node.fieldNames().forEachRemaining(all::add);
        return node.isObject() && names.containsAll(all);
    }
}
