package io.cospace.export.graph;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * 120 word pieces, as many as golden's BERT has rows: special tokens, letters and digits that begin
 * or go on a word, marks, some words. Anything else is {@code [UNK]}.
 */
final class TinyVocabulary {

    private static final List<String> WORDS =
            List.of(
                    "query", "passage", "photo", "red", "blue", "green", "black", "white", "dog",
                    "cat", "circle", "square", "the", "of", "in", "on", "ein", "un", "and",
                    "grass");

    private TinyVocabulary() {}

    /**
     * A tokenizer in the format of Hugging Face tokenizers: lower case, accents off, longest pieces
     * first.
     */
    static String tokenizerJson() {
        JsonMapper json = JsonMapper.builder().build();
        List<String> pieces = pieces();
        ObjectNode root = json.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        for (int id = 0; id < 4; id++) {
            root.withArray("added_tokens")
                    .addObject()
                    .put("id", id)
                    .put("content", pieces.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("strip_accents", true)
                .put("lowercase", true);
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode post = root.putObject("post_processor").put("type", "BertProcessing");
        post.putArray("sep").add("[SEP]").add(3);
        post.putArray("cls").add("[CLS]").add(2);
        root.putNull("decoder");
        ObjectNode model =
                root.putObject("model")
                        .put("type", "WordPiece")
                        .put("unk_token", "[UNK]")
                        .put("continuing_subword_prefix", "##")
                        .put("max_input_chars_per_word", 100);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocabulary.put(pieces.get(id), id);
        }
        return root.toPrettyString() + "\n";
    }

    private static List<String> pieces() {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
        for (char letter = 'a'; letter <= 'z'; letter++) {
            pieces.add(String.valueOf(letter));
            pieces.add("##" + letter);
        }
        for (char digit = '0'; digit <= '9'; digit++) {
            pieces.add(String.valueOf(digit));
            pieces.add("##" + digit);
        }
        for (char mark : ".,;:!?'\"()-&/%+*=#@_~<>[".toCharArray()) {
            pieces.add(String.valueOf(mark));
        }
        pieces.addAll(WORDS);
        if (pieces.size() != 120) {
            throw new IllegalStateException(pieces.size() + " pieces; must be 120");
        }
        return pieces;
    }
}
