package io.cospace.encoder.text.unigram;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.text.unigram.AddedTokens.Added;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Special tokens around a text, as a {@code TemplateProcessing} of {@code tokenizer.json} puts
 * them.
 */
record TemplateJson(List<Added> head, List<Added> tail) {

    /** Empty when {@code node} is anything but special tokens, one text, and special tokens. */
    static Optional<TemplateJson> read(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.of(new TemplateJson(List.of(), List.of()));
        }
        Set<String> names = Set.of("type", "single", "pair", "special_tokens");
        if (!TokenizerJson.isA(node, "TemplateProcessing") || !TokenizerJson.fields(node, names)) {
            return Optional.empty();
        }
        List<Added> head = new ArrayList<>();
        List<Added> tail = new ArrayList<>();
        int texts = 0;
        for (JsonNode step : node.path("single")) {
            if (step.path("Sequence").path("id").asText().equals("A")) {
                texts++;
            } else if (!special(node, step, texts == 0 ? head : tail)) {
                return Optional.empty();
            }
        }
        return texts == 1 ? Optional.of(new TemplateJson(head, tail)) : Optional.empty();
    }

    /** Adds the tokens that {@code step} stands for; false when it stands for none. */
    private static boolean special(JsonNode node, JsonNode step, List<Added> target) {
        String name = step.path("SpecialToken").path("id").asText();
        JsonNode token = node.path("special_tokens").path(name);
        JsonNode ids = token.path("ids");
        JsonNode spelling = token.path("tokens");
        if (name.isEmpty() || ids.isEmpty() || ids.size() != spelling.size()) {
            return false;
        }
        for (int i = 0; i < ids.size(); i++) {
            target.add(new Added(ids.path(i).asInt(), spelling.path(i).asText(), false));
        }
        return true;
    }
}
