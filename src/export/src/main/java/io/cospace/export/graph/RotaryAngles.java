package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * The inverse frequencies of rotary position embeddings (Su et al. 2021, section 3.2.2): token p
 * turns pair i of a head by {@code p * frequency[i]}.
 */
final class RotaryAngles {
    private RotaryAngles() {}

    /** {@code theta ^ (-2 i / headSize)} for i below headSize / 2. */
    static double[] plain(double theta, int headSize) {
        double[] frequencies = new double[headSize / 2];
        Arrays.setAll(frequencies, i -> Math.pow(theta, -2.0 * i / headSize));
        return frequencies;
    }

    /**
     * Llama 3.1's scaling: long wavelengths are stretched by the factor, short ones kept, those
     * between blended linearly in their number of turns over the original context (transformers
     * modeling_rope_utils.py, {@code _compute_llama3_parameters}).
     */
    static double[] llama3(double[] plain, double factor, double low, double high, double context) {
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double turns = context * plain[i] / (2 * Math.PI);
            double kept = Math.clamp((turns - low) / (high - low), 0, 1);
            scaled[i] = (1 - kept) * plain[i] / factor + kept * plain[i];
        }
        return scaled;
    }

    /**
     * Reads a Hugging Face configuration, of transformers 4 ({@code rope_theta}, {@code
     * rope_scaling}) or 5 ({@code rope_parameters}).
     *
     * @throws IllegalArgumentException for a scaling that is not known
     */
    static double[] of(JsonNode config, int headSize) {
        JsonNode five = config.path("rope_parameters");
        double theta = five.path("rope_theta").asDouble(config.path("rope_theta").asDouble(10_000));
        double[] plain = plain(theta, headSize);
        JsonNode scaling = five.isObject() ? five : config.path("rope_scaling");
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        return switch (type) {
            case "default" -> plain;
            case "linear" ->
                    Arrays.stream(plain)
                            .map(f -> f / scaling.required("factor").asDouble())
                            .toArray();
            case "llama3" ->
                    llama3(
                            plain,
                            scaling.required("factor").asDouble(),
                            scaling.required("low_freq_factor").asDouble(),
                            scaling.required("high_freq_factor").asDouble(),
                            scaling.required("original_max_position_embeddings").asDouble());
            default ->
                    throw new IllegalArgumentException(
                            "rope_type is \"%s\"; known: default, linear, llama3".formatted(type));
        };
    }
}
