package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.text.TextFormat.Prompts;
import io.cospace.encoder.text.TextFormat.Wrap;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a text embedder reads a text, put together from its folder and, where that is silent, from
 * the rule that its makers' code has for it.
 *
 * @param pooling how one row is made of all
 * @param prompts before the text
 * @param wrap chat frame around prompt and text
 * @param meanBehindPrefix whether the mean leaves out all tokens of the wrap's prefix
 * @param maxTokens most tokens of a text
 * @param dense folders of dense layers behind the pooling
 */
record TextConfig(
        Pooling pooling,
        Prompts prompts,
        @Nullable Wrap wrap,
        boolean meanBehindPrefix,
        int maxTokens,
        List<Path> dense) {
    /**
     * Llama-3's chat frame of one user turn (LLM2CLIP, llm2vec/llm2vec.py,
     * prepare_for_tokenization).
     */
    private static final Wrap LLAMA3 =
            new Wrap("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>", true);

    /** Limit that LLM2CLIP's embedders were run with (llm2clip, extract_embedding.py). */
    private static final int LLM2VEC_MAX_TOKENS = 512;

    /**
     * What long-context embedders are cut to by default: attention grows with the square, and
     * longer texts are read in windows.
     */
    private static final int LONG_MAX_TOKENS = 8192;

    /** Classes of LLM2CLIP's released embedders, whose attention sees both ways. */
    private static final Set<String> LLM2VEC =
            Set.of("LlamaEncoderModel", "LlamaBiModel", "LlamaBiForMNTP");

    /** multilingual-e5 and its kin (Wang et al. 2024, section 3). */
    private static final Prompts E5 = new Prompts("query: ", "passage: ");

    /**
     * Reads the folder of a recognised text tower.
     *
     * @throws ImportException for what is not computed here
     */
    static TextConfig read(Path folder, JsonNode config, TextTower tower) {
        SentenceTransformers said = SentenceTransformers.read(folder);
        String type = config.path("model_type").asText("");
        int limit = Math.min(tower.maxTokens(), LONG_MAX_TOKENS);
        if (isLlm2Vec(config)) {
            return new TextConfig(
                    Pooling.MEAN,
                    new Prompts("", ""),
                    LLAMA3,
                    true,
                    Math.min(limit, LLM2VEC_MAX_TOKENS),
                    List.of());
        }
        Prompts prompts = new Prompts(said.query(), said.document());
        boolean silent = said.query().isEmpty() && said.document().isEmpty();
        if (silent && isE5(folder, config)) {
            prompts = E5;
        }
        return new TextConfig(
                said.pooling().orElse(tower.pooling()),
                prompts,
                null,
                false,
                Math.min(limit, said.maxTokens().orElse(defaultLimit(type, limit))),
                said.dense());
    }

    /** Whether an embedder is one that LLM2CLIP made of a Llama. */
    static boolean isLlm2Vec(JsonNode config) {
        for (JsonNode architecture : config.path("architectures")) {
            if (LLM2VEC.contains(architecture.asText())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isE5(Path folder, JsonNode config) {
        String names = folder.getFileName() + " " + config.path("_name_or_path").asText();
        return names.toLowerCase(Locale.ROOT).contains("e5-");
    }

    private static int defaultLimit(String type, int limit) {
        return type.equals("bert") || type.equals("xlm-roberta") ? Math.min(limit, 512) : limit;
    }
}
