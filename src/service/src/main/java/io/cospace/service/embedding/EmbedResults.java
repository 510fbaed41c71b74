package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.service.embedding.EmbedResult.Chunk;
import io.cospace.service.embedding.EmbedResult.Forms;
import io.cospace.service.embedding.EmbedResult.Item;
import java.util.ArrayList;
import java.util.List;

/** From the outcomes of a call to its answer. */
final class EmbedResults {

    private final Model model;
    private final EmbedRequest request;
    private final int dimensions;

    EmbedResults(Model model, EmbedRequest request) {
        this.model = model;
        this.request = request;
        this.dimensions = model.dimensions(request.options().dimensions());
    }

    EmbedResult of(List<Outcome> outcomes) {
        List<Item> items = new ArrayList<>(outcomes.size());
        StageTimes slowest = StageTimes.NONE;
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            items.add(item(request.inputs().get(i), outcome));
            slowest = StageTimes.slower(slowest, outcome.times());
        }
        return new EmbedResult(
                model.id(), model.space(), dimensions, items, Usage.of(outcomes), slowest);
    }

    private Item item(Input input, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Vector vector when vector.modality() != null ->
                    new EmbedResult.Embedded(
                            vector.modality(), forms(vector, vector.modality()), vector.use());
            case Outcome.Chunked chunked ->
                    new EmbedResult.Chunked(
                            chunks((Input.Text) input, chunked.chunks()), chunked.use());
            case Outcome.Failed(Modality modality, Problem problem) ->
                    new EmbedResult.Failed(modality, problem);
            case Outcome.Vector _, Outcome.Skipped _ ->
                    throw new IllegalStateException(
                            "This is a bug: an item of an answered call has no outcome of its own");
        };
    }

    private List<Chunk> chunks(Input.Text input, List<Outcome.Chunk> parts) {
        int[] places =
                request.options().offsets() == Offsets.CODE_POINTS
                        ? CodePoints.before(input.text())
                        : new int[0];
        List<Chunk> chunks = new ArrayList<>(parts.size());
        for (Outcome.Chunk part : parts) {
            boolean utf16 = places.length == 0;
            chunks.add(
                    new Chunk(
                            utf16 ? part.start() : places[part.start()],
                            utf16 ? part.end() : places[part.end()],
                            part.tokens(),
                            forms(part.vector(), Modality.TEXT)));
        }
        return chunks;
    }

    private Forms forms(Outcome.Vector vector, Modality modality) {
        return new Forms(
                vector.cut(dimensions),
                model.packing().pack(vector.values(), dimensions, modality, request.types()));
    }
}
