package io.cospace.service.embedding;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bundle that is served: what it says of itself, its encoders for preparing items, and its towers
 * for running them.
 *
 * @param states how each tower runs
 */
public record Model(
        Manifest manifest,
        TextEncoder textEncoder,
        ImageEncoder imageEncoder,
        List<TowerState> states,
        Tower<TextRow> texts,
        Tower<ImageRow> images,
        Packing packing) {

    /** {@code name/version}. */
    public String id() {
        return manifest.id();
    }

    public String space() {
        return manifest.space();
    }

    /** What the bundle has of a tower. */
    public Manifest.Tower graphs(Modality modality) {
        return switch (modality) {
            case IMAGE -> manifest.precisions().image();
            case TEXT -> manifest.precisions().text();
        };
    }

    /** How a tower runs. */
    public TowerState state(Modality modality) {
        return states.stream()
                .filter(state -> state.modality() == modality)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Length of the vectors that a call gets.
     *
     * @param asked null for the model's own
     * @throws ProblemException when the model's vectors cannot be cut to that length
     */
    public int dimensions(@Nullable Integer asked) {
        int full = manifest.dimensions();
        if (asked == null || asked == full) {
            return full;
        }
        if (manifest.truncatableTo().contains(asked)) {
            return asked;
        }
        List<Integer> allowed = new ArrayList<>(manifest.truncatableTo());
        allowed.add(full);
        throw new ProblemException(new Problem.UnknownDimension(asked, allowed));
    }
}
