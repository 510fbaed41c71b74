package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the tensors of a BERT or XLM-R encoder do not tell by their shapes.
 *
 * @param heads attention heads
 * @param epsilon of every LayerNorm
 * @param firstPosition row of the position table for a text's first token: 0 (BERT) or padding id +
 *     1 (XLM-R and RoBERTa: 2)
 */
public record BertConfig(int heads, float epsilon, int firstPosition) {
    public BertConfig {
        if (heads < 1 || firstPosition < 0 || !(epsilon > 0)) {
            throw new IllegalArgumentException(
                    "heads %d, epsilon %s, firstPosition %d: must be positive, positive, not negative"
                            .formatted(heads, epsilon, firstPosition));
        }
    }

    /**
     * Reads a Hugging Face {@code config.json}.
     *
     * @throws IllegalArgumentException for what {@link BertTower} does not compute
     */
    public static BertConfig of(JsonNode config) {
        String type = config.path("model_type").asText();
        int first =
                switch (type) {
                    case "bert" -> 0;
                    case "xlm-roberta", "roberta" -> config.path("pad_token_id").asInt(1) + 1;
                    default ->
                            throw new IllegalArgumentException(
                                    "model_type is \"%s\"; expected bert, roberta or xlm-roberta"
                                            .formatted(type));
                };
        require(config, "hidden_act", "gelu");
        require(config, "position_embedding_type", "absolute");
        return new BertConfig(
                config.required("num_attention_heads").asInt(),
                (float) config.path("layer_norm_eps").asDouble(1e-12),
                first);
    }

    private static void require(JsonNode config, String field, String value) {
        String found = config.path(field).asText(value);
        if (!found.equals(value)) {
            throw new IllegalArgumentException(
                    "%s is \"%s\"; only \"%s\" is known".formatted(field, found, value));
        }
    }
}
