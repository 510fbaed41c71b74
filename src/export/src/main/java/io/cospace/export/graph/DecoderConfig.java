package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the tensors of a Llama or Qwen3 decoder do not tell by their shapes.
 *
 * @param heads of the queries
 * @param keyHeads of keys and values
 * @param headSize size of a head
 * @param epsilon of every RMSNorm
 * @param frequencies of the rotary embedding, see {@link RotaryAngles}; the array is not changed
 * @param causal whether a token sees only itself and tokens before it
 * @param maxTokens longest text that the model was made for
 */
record DecoderConfig(
        int heads,
        int keyHeads,
        int headSize,
        float epsilon,
        Frequencies frequencies,
        boolean causal,
        int maxTokens) {

    /** The frequencies as a value; arrays are no record components. */
    static final class Frequencies {
        private final double[] values;

        Frequencies(double[] values) {
            this.values = values.clone();
        }

        /** In fp32, as the reference implementations have them. */
        float[] singles() {
            float[] singles = new float[values.length];
            for (int i = 0; i < singles.length; i++) {
                singles[i] = (float) values[i];
            }
            return singles;
        }
    }

    DecoderConfig {
        if (heads < 1 || keyHeads < 1 || heads % keyHeads != 0 || headSize % 2 != 0) {
            throw new IllegalArgumentException(
                    "%d heads, %d key heads, head size %d: heads must be a multiple, the size even"
                            .formatted(heads, keyHeads, headSize));
        }
    }

    /**
     * Reads a Hugging Face {@code config.json}.
     *
     * @param causal see {@link #causal}; the file does not say it
     * @throws IllegalArgumentException for what {@link DecoderTower} does not compute
     */
    static DecoderConfig of(JsonNode config, boolean causal) {
        int heads = config.required("num_attention_heads").asInt();
        int headSize =
                config.hasNonNull("head_dim")
                        ? config.path("head_dim").asInt()
                        : config.required("hidden_size").asInt() / heads;
        refuse(config, "attention_bias");
        refuse(config, "mlp_bias");
        refuse(config, "use_sliding_window");
        String activation = config.path("hidden_act").asText("silu");
        if (!activation.equals("silu")) {
            throw new IllegalArgumentException(
                    "hidden_act is \"%s\"; only \"silu\" is known".formatted(activation));
        }
        return new DecoderConfig(
                heads,
                config.path("num_key_value_heads").asInt(heads),
                headSize,
                (float) config.path("rms_norm_eps").asDouble(1e-6),
                new Frequencies(RotaryAngles.of(config, headSize)),
                causal,
                config.path("max_position_embeddings").asInt(2048));
    }

    private static void refuse(JsonNode config, String flag) {
        if (config.path(flag).asBoolean(false)) {
            throw new IllegalArgumentException(flag + " is true; only false is known");
        }
    }

    AttentionShape shape() {
        return new AttentionShape(heads, keyHeads, causal);
    }
}
