package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What the configuration beside a CLIP tower says, in the dialects of Hugging Face ({@code
 * vision_config}, {@code text_config}, or the tower's own file), open_clip ({@code model_cfg} with
 * {@code vision_cfg} and {@code text_cfg}) and this project (one key, {@code quick_gelu}).
 *
 * @param heads of attention
 * @param epsilon of every LayerNorm
 * @param imageSize in pixels; 0 if it is not said
 */
record ClipSettings(int heads, float epsilon, Activation activation, int imageSize) {
    private static final int HEAD_WIDTH = 64;
    private static final double EPSILON = 1e-5;

    /**
     * Reads the settings of one tower.
     *
     * @param tower {@code vision} or {@code text}
     * @param width of the tower
     * @param names of all tensors, which tell an original OpenAI file and LIFT apart
     * @throws IllegalArgumentException if the activation is said nowhere
     */
    static ClipSettings of(JsonNode config, String tower, int width, Set<String> names) {
        JsonNode openClip = config.has("model_cfg") ? config.path("model_cfg") : config;
        if (openClip.has(tower + "_cfg")) {
            JsonNode cfg = openClip.path(tower + "_cfg");
            Activation activation =
                    openClip.path("quick_gelu").asBoolean(false)
                            ? Activation.QUICK_GELU
                            : Activation.GELU;
            int heads = cfg.path("heads").asInt(width / cfg.path("head_width").asInt(HEAD_WIDTH));
            return new ClipSettings(
                    heads, (float) EPSILON, activation, cfg.path("image_size").asInt(0));
        }
        boolean huggingFace = names.stream().anyMatch(name -> name.startsWith(tower + "_model."));
        return huggingFace
                ? huggingFace(
                        config.has(tower + "_config") ? config.path(tower + "_config") : config,
                        width)
                : original(config, width, names);
    }

    private static ClipSettings huggingFace(JsonNode cfg, int width) {
        return new ClipSettings(
                cfg.path("num_attention_heads").asInt(width / HEAD_WIDTH),
                (float) cfg.path("layer_norm_eps").asDouble(EPSILON),
                activation(cfg.path("hidden_act").asText("quick_gelu")),
                cfg.path("image_size").asInt(0));
    }

    private static ClipSettings original(JsonNode config, int width, Set<String> names) {
        Activation activation;
        if (config.has("quick_gelu")) {
            activation =
                    config.path("quick_gelu").asBoolean() ? Activation.QUICK_GELU : Activation.GELU;
        } else if (names.contains("input_resolution")
                || names.stream().anyMatch(name -> name.startsWith("text.text_adaptor."))) {
            // OpenAI's own file, or LLM2CLIP and ProCLIP, whose image towers descend from it.
            activation = Activation.QUICK_GELU;
        } else if (names.stream().anyMatch(name -> name.contains("projector."))) {
            activation = Activation.GELU;
        } else {
            throw new IllegalArgumentException(
                    "quick_gelu is said nowhere: weights of OpenAI and their descendants have"
                            + " true, LAION's have false");
        }
        int heads = config.path("heads").asInt(width / HEAD_WIDTH);
        return new ClipSettings(
                heads, (float) EPSILON, activation, config.path("image_size").asInt(0));
    }

    static Activation activation(String name) {
        return switch (name) {
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "gelu" -> Activation.GELU;
            case "gelu_pytorch_tanh", "gelu_new" -> Activation.GELU_TANH;
            default ->
                    throw new IllegalArgumentException(
                            "hidden_act is \"%s\"; known: quick_gelu, gelu, gelu_pytorch_tanh"
                                    .formatted(name));
        };
    }
}
