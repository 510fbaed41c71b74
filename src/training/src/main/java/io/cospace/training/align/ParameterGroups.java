package io.cospace.training.align;

import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.AdamW;
import io.cospace.training.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which parameters a stage trains, at which share of the learning rate and with which decay: layer
 * numbers as LLM2CLIP's training code has them (patches and positions 0, block i i + 1, everything
 * else, the class row included, above all blocks). EfficientNet's stem counts as its patches, its
 * stages as blocks.
 */
final class ParameterGroups {
    private static final Pattern BLOCK = Pattern.compile("(?:blocks|layers)\\.(\\d+)\\.");
    private static final List<String> FIRST =
            List.of(
                    "conv_stem",
                    "patch_embed",
                    "pos_embed",
                    "cls_token",
                    "conv1",
                    "positional_embedding",
                    "patch_embedding",
                    "position_embedding");
    private static final List<String> UNDECAYED =
            List.of(
                    "class_embedding",
                    "positional_embedding",
                    "position_embedding",
                    "cls_token",
                    "pos_embed",
                    "logit_scale",
                    "logit_bias");

    private ParameterGroups() {}

    /** Marks what is trained and lists it, each name with its part before it. */
    static List<AdamW.Parameter> of(AlignedModel model, Stage stage) {
        List<AdamW.Parameter> parameters = new ArrayList<>();
        for (Part part : Part.values()) {
            Double rate = stage.rates().get(part);
            model.parameters(part).train(name -> rate != null && trainable(model, part, name));
            if (rate != null) {
                add(parameters, model, part, stage, rate);
            }
        }
        return parameters;
    }

    private static void add(
            List<AdamW.Parameter> parameters,
            AlignedModel model,
            Part part,
            Stage stage,
            double rate) {
        double decay = part == Part.IMAGE ? stage.optimiser().layerDecay() : 1;
        int depth = part == Part.IMAGE ? model.image().depth() : 0;
        for (Map.Entry<String, Tensor> entry : model.parameters(part).all().entrySet()) {
            if (trainable(model, part, entry.getKey())) {
                String name = entry.getKey();
                double share = Math.pow(decay, depth + 1 - layer(name, depth));
                parameters.add(
                        new AdamW.Parameter(
                                prefix(part) + name,
                                entry.getValue(),
                                rate * share,
                                decayed(name, entry.getValue())
                                        ? stage.optimiser().weightDecay()
                                        : 0));
            }
        }
    }

    /** What stands before a part's names in checkpoints. */
    static String prefix(Part part) {
        return part.name().toLowerCase(Locale.ROOT) + "/";
    }

    private static boolean trainable(AlignedModel model, Part part, String name) {
        return switch (part) {
            case IMAGE -> trainable(model.image(), name);
            case TEXT -> trainable(model.text(), name);
            case SCALE -> true;
        };
    }

    private static boolean trainable(Tower tower, String name) {
        return tower.trainable(name);
    }

    static int layer(String name, int depth) {
        Matcher block = BLOCK.matcher(name);
        // Of EfficientNet the norm behind the stem has the name that a block's has in the block.
        if (FIRST.stream().anyMatch(name::contains) || name.startsWith("bn1.")) {
            return 0;
        }
        return depth > 0 && block.find() ? Integer.parseInt(block.group(1)) + 1 : depth + 1;
    }

    static boolean decayed(String name, Tensor value) {
        return value.rank() > 1
                && !name.endsWith("bias")
                && UNDECAYED.stream().noneMatch(name::contains);
    }
}
