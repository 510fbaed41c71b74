package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * Makes a {@code tokenizer.json} of CLIP's byte-pair encoding (Radford et al. 2021, section 2.4;
 * openai/CLIP, simple_tokenizer.py): the lower-cased text is split into words, digits and runs of
 * other characters, each becomes the bytes of its UTF-8, and pairs merge in the order of the list.
 * Ids equal those of Hugging Face's fast CLIP tokenizer; {@code ftfy} and HTML unescaping, which
 * open_clip puts before, are not part of it.
 */
final class ClipTokenizer {
    private static final String RESOURCE = "clip-merges.txt.gz";
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String WORD_END = "</w>";
    private static final String WORDS =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d"
                    + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private ClipTokenizer() {}

    /** The tokenizer of all of OpenAI's and open_clip's CLIP models, 49,408 tokens. */
    static byte[] published() {
        try (InputStream resource =
                        Objects.requireNonNull(
                                ClipTokenizer.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(resource), StandardCharsets.UTF_8))) {
            List<String> merges = lines.lines().toList();
            return json(vocabulary(merges), merges);
        } catch (IOException e) {
            throw new UncheckedIOException("This is a bug: " + RESOURCE + " is damaged", e);
        }
    }

    /**
     * The tokenizer of a folder that holds {@code vocab.json} and {@code merges.txt}.
     *
     * @throws ImportException if they are damaged or not CLIP's
     */
    static byte[] of(Path vocabularyFile, Path mergesFile) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JsonFile.read(vocabularyFile).properties()) {
            vocabulary.put(entry.getKey(), entry.getValue().asInt());
        }
        if (!vocabulary.containsKey(START) || !vocabulary.containsKey(END)) {
            throw new ImportException(
                    vocabularyFile, "lacks " + START + " or " + END + ": not CLIP's vocabulary");
        }
        try {
            List<String> merges = new ArrayList<>();
            for (String line : Files.readAllLines(mergesFile)) {
                if (!line.isBlank() && !line.startsWith("#version")) {
                    merges.add(line);
                }
            }
            return json(vocabulary, merges);
        } catch (IOException e) {
            throw new ImportException(mergesFile, "is not readable: " + e.getMessage(), e);
        }
    }

    /** Single bytes, the same at the end of a word, the merges in order, the two special tokens. */
    private static Map<String, Integer> vocabulary(List<String> merges) {
        List<String> tokens = new ArrayList<>();
        List<String> bytes = byteCharacters();
        tokens.addAll(bytes);
        bytes.forEach(character -> tokens.add(character + WORD_END));
        merges.forEach(pair -> tokens.add(pair.replace(" ", "")));
        tokens.add(START);
        tokens.add(END);
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return vocabulary;
    }

    /**
     * The printable character that stands for each byte, in GPT-2's order: bytes that print stand
     * for themselves and come first, the others are characters from 256 on.
     */
    private static List<String> byteCharacters() {
        List<String> printing = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            if ((value >= '!' && value <= '~')
                    || (value >= 0xa1 && value <= 0xac)
                    || value >= 0xae) {
                printing.add(Character.toString(value));
            } else {
                others.add(Character.toString(256 + others.size()));
            }
        }
        printing.addAll(others);
        return printing;
    }

    private static byte[] json(Map<String, Integer> vocabulary, List<String> merges)
            throws IOException {
        int start = Objects.requireNonNull(vocabulary.get(START));
        int end = Objects.requireNonNull(vocabulary.get(END));
        ObjectNode root = JsonFile.MAPPER.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        special(added.addObject(), start, START);
        special(added.addObject(), end, END);
        normalizer(root.putObject("normalizer"));
        preTokenizer(root.putObject("pre_tokenizer"));
        ObjectNode processor = root.putObject("post_processor").put("type", "RobertaProcessing");
        processor.putArray("sep").add(END).add(end);
        processor.putArray("cls").add(START).add(start);
        processor.put("trim_offsets", false).put("add_prefix_space", false);
        byteLevel(root.putObject("decoder"), true);
        model(root.putObject("model"), vocabulary, merges);
        return JsonFile.MAPPER.writeValueAsBytes(root);
    }

    private static void special(ObjectNode token, int id, String content) {
        token.put("id", id).put("content", content).put("single_word", false);
        token.put("lstrip", false).put("rstrip", false).put("normalized", false);
        token.put("special", true);
    }

    private static void normalizer(ObjectNode node) {
        ArrayNode steps = node.put("type", "Sequence").putArray("normalizers");
        steps.addObject().put("type", "NFC");
        ObjectNode replace = steps.addObject().put("type", "Replace");
        replace.putObject("pattern").put("Regex", "\\s+");
        replace.put("content", " ");
        steps.addObject().put("type", "Lowercase");
    }

    private static void preTokenizer(ObjectNode node) {
        ArrayNode steps = node.put("type", "Sequence").putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", WORDS);
        split.put("behavior", "Removed").put("invert", true);
        byteLevel(steps.addObject(), false);
    }

    private static void byteLevel(ObjectNode node, boolean addPrefixSpace) {
        node.put("type", "ByteLevel").put("add_prefix_space", addPrefixSpace);
        node.put("trim_offsets", true).put("use_regex", true);
    }

    private static void model(
            ObjectNode node, Map<String, Integer> vocabulary, List<String> merges) {
        node.put("type", "BPE").putNull("dropout").put("unk_token", END);
        node.put("continuing_subword_prefix", "").put("end_of_word_suffix", WORD_END);
        node.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode tokens = node.putObject("vocab");
        vocabulary.forEach(tokens::put);
        ArrayNode pairs = node.putArray("merges");
        for (String merge : merges) {
            int space = merge.indexOf(' ');
            pairs.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
        }
    }
}
