package io.cospace.service.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** From the outcomes of a call to its answer. */
final class EmbedResults {

    private EmbedResults() {}

    static EmbedResult of(
            Model model, int dimensions, Set<OutputType> types, List<Outcome> outcomes) {
        List<EmbedResult.Item> items = new ArrayList<>(outcomes.size());
        StageTimes slowest = StageTimes.NONE;
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Vector vector -> {
                    items.add(embedded(vector, model, dimensions, types));
                    slowest = StageTimes.slower(slowest, vector.times());
                }
                case Outcome.Failed(var modality, var problem) ->
                        items.add(new EmbedResult.Failed(modality, problem));
                case Outcome.Skipped _ ->
                        throw new IllegalStateException(
                                "This is a bug: an item of an answered call was given up");
            }
        }
        return new EmbedResult(
                model.id(), model.space(), dimensions, items, Usage.of(outcomes), slowest);
    }

    private static EmbedResult.Item embedded(
            Outcome.Vector vector, Model model, int dimensions, Set<OutputType> types) {
        if (vector.modality() == null) {
            throw new IllegalStateException("This is a bug: a stored vector is not embedded");
        }
        return new EmbedResult.Embedded(
                vector.modality(),
                vector.cut(dimensions),
                model.packing().pack(vector.values(), dimensions, vector.modality(), types),
                vector.use());
    }
}
