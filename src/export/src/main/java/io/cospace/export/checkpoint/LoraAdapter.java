package io.cospace.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A low-rank adapter as the peft library saves it: {@code adapter_config.json} beside {@code
 * adapter_model.safetensors} or {@code .bin}. Merging adds {@code (alpha / r) B A} to each target
 * matrix (peft/tuners/lora/layer.py, {@code get_delta_weight}). Variants whose sum is another one
 * (DoRA, stored transposes, biases) are refused by name.
 */
final class LoraAdapter {
    private static final String CONFIG = "adapter_config.json";
    private static final Pattern FACTOR =
            Pattern.compile("base_model\\.model\\.(.+)\\.lora_([AB])(\\.[^.]+)?\\.weight");

    /** Values that change what is merged, each with the only value that is understood. */
    private static final Map<String, Set<String>> FIXED =
            Map.of(
                    "peft_type", Set.of("\"LORA\""),
                    "bias", Set.of("\"none\"", ""),
                    "use_dora", Set.of("false", ""),
                    "lora_bias", Set.of("false", ""),
                    "fan_in_fan_out", Set.of("false", ""),
                    "modules_to_save", Set.of("null", "[]", ""),
                    "trainable_token_indices", Set.of("null", "[]", ""),
                    "alora_invocation_tokens", Set.of("null", ""));

    /**
     * What is added to one matrix.
     *
     * @param down A, [r, in], row-major
     * @param up B, [out, r], row-major
     * @param rank r
     * @param scale alpha / r, or alpha / sqrt(r) if the adapter is rank-stabilised
     */
    @SuppressWarnings("ArrayRecordComponent") // internal; never compared
    record Delta(float[] down, float[] up, int rank, float scale) {}

    private final Path folder;
    private final JsonNode config;
    private final TensorSource factors;

    private LoraAdapter(Path folder, JsonNode config, TensorSource factors) {
        this.folder = folder;
        this.config = config;
        this.factors = factors;
    }

    /**
     * Reads an adapter for a base model: what to add to each of its tensors, by name.
     *
     * @throws CheckpointException if the adapter is of an unknown kind or does not fit the base
     */
    static Map<String, Delta> read(Path folder, TensorSource base) {
        JsonNode config = config(folder.resolve(CONFIG));
        FIXED.forEach((key, allowed) -> {
            if (!allowed.contains(config.path(key).toString())) {
                throw new CheckpointException(
                        folder.resolve(CONFIG),
                        key + " is " + config.path(key) + "; understood is " + allowed);
            }
        });
        try (TensorSource factors = Checkpoint.open(folder)) {
            return new LoraAdapter(folder, config, factors).deltas(base);
        }
    }

    private static JsonNode config(Path file) {
        try {
            return JsonMapper.builder().build().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private Map<String, Delta> deltas(TensorSource base) {
        Map<String, Map<String, String>> modules = new LinkedHashMap<>();
        Set<String> unmatched = new TreeSet<>();
        for (String name : factors.names()) {
            var matcher = FACTOR.matcher(name);
            if (matcher.matches()) {
                modules.computeIfAbsent(matcher.group(1), m -> new LinkedHashMap<>())
                        .put(matcher.group(2), name);
            } else {
                unmatched.add(name);
            }
        }
        Map<String, Delta> deltas = new LinkedHashMap<>();
        modules.forEach((module, pair) -> {
            String target = target(base, module);
            String a = pair.get("A");
            String b = pair.get("B");
            if (target == null || a == null || b == null) {
                unmatched.addAll(pair.values());
            } else {
                deltas.put(target, delta(base.info(target), module, a, b));
            }
        });
        if (!unmatched.isEmpty() || deltas.isEmpty()) {
            throw new CheckpointException(
                    folder, "holds factors that match no matrix of the base model: " + unmatched);
        }
        return deltas;
    }

    /** The base may have been saved with or without its outer {@code model.}. */
    private static @Nullable String target(TensorSource base, String module) {
        List<String> candidates = new ArrayList<>(List.of(module, "model." + module));
        if (module.startsWith("model.")) {
            candidates.add(module.substring("model.".length()));
        }
        for (String candidate : candidates) {
            if (base.names().contains(candidate + ".weight")) {
                return candidate + ".weight";
            }
        }
        return null;
    }

    private Delta delta(TensorInfo matrix, String module, String a, String b) {
        TensorInfo down = factors.info(a);
        TensorInfo up = factors.info(b);
        if (matrix.rank() != 2
                || down.rank() != 2
                || up.rank() != 2
                || down.size(0) != up.size(1)
                || down.size(1) != matrix.size(1)
                || up.size(0) != matrix.size(0)) {
            throw new CheckpointException(
                    folder,
                    a
                            + " "
                            + down
                            + " and "
                            + b
                            + " "
                            + up
                            + " do not fit "
                            + module
                            + " "
                            + matrix);
        }
        int rank = Math.toIntExact(down.size(0));
        checkRank(module, rank);
        return new Delta(factors.floats(a), factors.floats(b), rank, scale(module, rank));
    }

    private void checkRank(String module, int rank) {
        long expected = pattern("rank_pattern", module, config.path("r")).asLong(-1);
        if (expected != rank) {
            throw new CheckpointException(
                    folder, module + " has rank " + rank + ", the configuration says " + expected);
        }
    }

    private float scale(String module, int rank) {
        JsonNode alpha = pattern("alpha_pattern", module, config.path("lora_alpha"));
        if (!alpha.isNumber()) {
            throw new CheckpointException(folder.resolve(CONFIG), "lora_alpha is " + alpha);
        }
        boolean stabilised = config.path("use_rslora").asBoolean(false);
        return (float) (alpha.doubleValue() / (stabilised ? Math.sqrt(rank) : rank));
    }

    /** A value for some modules only: keys are whole names or their ends, as peft matches them. */
    private JsonNode pattern(String key, String module, JsonNode otherwise) {
        for (Map.Entry<String, JsonNode> entry : config.path(key).properties()) {
            if (module.equals(entry.getKey()) || module.endsWith("." + entry.getKey())) {
                return entry.getValue();
            }
        }
        return otherwise;
    }
}
