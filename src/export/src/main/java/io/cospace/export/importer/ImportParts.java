package io.cospace.export.importer;

import io.cospace.export.graph.Part;
import io.cospace.export.graph.Part.Adapter;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.graph.Part.TextTower;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parts that make one model: an image tower, a text tower, and between them perhaps an adapter,
 * out of one source or several.
 *
 * @param notes what a person should know: parts that were left out, and why
 */
record ImportParts(
        Placed<ImageTower> image,
        Placed<TextTower> text,
        Optional<Placed<Adapter>> adapter,
        List<String> notes) {
    /**
     * Numbers of a model as a whole, and OpenAI's three sizes, which the shapes tell as well
     * (openai/CLIP, model.py, {@code build_model}).
     */
    private static final Set<String> SCALARS =
            Set.of(
                    "logit_scale",
                    "logit_bias",
                    "text.logit_scale",
                    "input_resolution",
                    "context_length",
                    "vocab_size");

    private static final int SHOWN = 20;

    /** A part and the source that holds it. */
    record Placed<T extends Part>(ImportSource source, T part) {}

    /**
     * Chooses among the parts of all sources.
     *
     * @throws ImportException if a tower is missing or there are two of them, or a source holds
     *     tensors that no part reads or knows; lists them
     */
    static ImportParts choose(List<ImportSource> sources) {
        List<Placed<ImageTower>> images = new ArrayList<>();
        List<Placed<TextTower>> texts = new ArrayList<>();
        List<Placed<Adapter>> adapters = new ArrayList<>();
        for (ImportSource source : sources) {
            for (Part part : source.parts()) {
                switch (part) {
                    case ImageTower image -> images.add(new Placed<>(source, image));
                    case TextTower text -> texts.add(new Placed<>(source, text));
                    case Adapter adapter -> adapters.add(new Placed<>(source, adapter));
                }
            }
            refuseUnmatched(source);
        }
        List<String> notes = new ArrayList<>();
        Placed<ImageTower> image = only("image tower", images);
        if (texts.size() > 1) {
            leaveOutOwnText(image, texts, notes);
        }
        return new ImportParts(
                image,
                only("text tower", texts),
                adapters.isEmpty() ? Optional.empty() : Optional.of(only("adapter", adapters)),
                List.copyOf(notes));
    }

    /** An embedder that was named takes the place of the text tower beside the image tower. */
    private static void leaveOutOwnText(
            Placed<ImageTower> image, List<Placed<TextTower>> texts, List<String> notes) {
        for (Placed<TextTower> text : List.copyOf(texts)) {
            if (text.source().path().equals(image.source().path())) {
                texts.remove(text);
                notes.add(
                        "left out: text tower of %s (%s), another one was named"
                                .formatted(text.source().path(), text.part().description()));
            }
        }
    }

    private static <T extends Part> Placed<T> only(String kind, List<Placed<T>> found) {
        if (found.size() != 1) {
            throw new ImportException(
                    found.isEmpty()
                            ? "the sources hold no %s that is known; name the file or folder of one"
                                    .formatted(kind)
                            : "the sources hold %d of the kind %s, one is needed: %s"
                                    .formatted(
                                            found.size(),
                                            kind,
                                            found.stream()
                                                    .map(p -> p.source().path().toString())
                                                    .toList()));
        }
        return found.getFirst();
    }

    private static void refuseUnmatched(ImportSource source) {
        Set<String> unmatched = new TreeSet<>(source.infos().keySet());
        Set<String> known = new HashSet<>(SCALARS);
        for (Part part : source.parts()) {
            known.addAll(part.used());
            known.addAll(part.ignored().keySet());
        }
        unmatched.removeAll(known);
        if (!unmatched.isEmpty()) {
            throw new ImportException(
                    source.path(),
                    "%d of %d tensors belong to no known part (%s): %s%s"
                            .formatted(
                                    unmatched.size(),
                                    source.infos().size(),
                                    source.parts().isEmpty()
                                            ? "none was recognised"
                                            : descriptions(source.parts()),
                                    String.join(", ", unmatched.stream().limit(SHOWN).toList()),
                                    unmatched.size() > SHOWN ? ", ..." : ""));
        }
    }

    private static String descriptions(List<Part> parts) {
        return String.join("; ", parts.stream().map(Part::description).toList());
    }

    /** All tensors that are left out on purpose, with the reason. */
    Map<String, String> ignored() {
        Map<String, String> ignored = new TreeMap<>(image.part().ignored());
        ignored.putAll(text.part().ignored());
        adapter.ifPresent(placed -> ignored.putAll(placed.part().ignored()));
        return ignored;
    }
}
