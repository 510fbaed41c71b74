package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.export.graph.Precision;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the graphs of one tower give on the samples.
 *
 * @param written all precisions that there are graphs of
 * @param vectors unit vectors of those that fit into memory
 */
record TowerVectors(Set<Precision> written, Map<Precision, List<float[]>> vectors) {

    /** Whether any graph was run. */
    boolean isMeasured() {
        return !vectors.isEmpty();
    }

    /** The precision that others are measured against: fp32 if it was run, else the first. */
    Precision reference() {
        return vectors.containsKey(Precision.FP32)
                ? Precision.FP32
                : vectors.keySet().stream().min(Precision::compareTo).orElseThrow();
    }

    /** The reference's vectors of the samples. */
    List<float[]> referenceVectors() {
        return Objects.requireNonNull(vectors.get(reference()));
    }

    /** Agreement of a precision with the reference; empty if it was not run. */
    Optional<Cosine> agreement(Precision precision) {
        List<float[]> found = vectors.get(precision);
        return found == null
                ? Optional.empty()
                : Optional.of(Agreement.of(found, referenceVectors()));
    }

    /** Agreement of all precisions that were run. */
    Map<Precision, Cosine> agreement() {
        Map<Precision, Cosine> all = new EnumMap<>(Precision.class);
        vectors.keySet().forEach(p -> agreement(p).ifPresent(cosine -> all.put(p, cosine)));
        return all;
    }
}
