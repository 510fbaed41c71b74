package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.export.graph.Precision;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the graphs of one tower give on the samples.
 *
 * @param written all precisions that there are graphs of
 * @param whole precisions whose graph can be opened here as it is served
 * @param vectors unit vectors of those that could be run
 * @param original unit vectors of the weights as they came at fp32, where no graph of the bundle is
 *     that
 * @param batched vectors of int8-fast of all samples in one batch, where {@code vectors} are of
 *     each alone
 */
record TowerVectors(
        Set<Precision> written,
        Set<Precision> whole,
        Map<Precision, List<float[]>> vectors,
        Optional<List<float[]>> original,
        Optional<List<float[]>> batched) {

    /** Whether any graph was run. */
    boolean isMeasured() {
        return !vectors.isEmpty();
    }

    /**
     * The graph of the bundle that others are measured against: fp32 if it was run, else the first
     * that was; empty if it is the original, which the bundle does not hold.
     */
    Optional<Precision> reference() {
        if (vectors.containsKey(Precision.FP32)) {
            return Optional.of(Precision.FP32);
        }
        return original.isPresent()
                ? Optional.empty()
                : vectors.keySet().stream().min(Precision::compareTo);
    }

    /** Whether a precision is the reference. */
    boolean isReference(Precision precision) {
        return reference().filter(precision::equals).isPresent();
    }

    /** The reference's vectors of the samples. */
    List<float[]> referenceVectors() {
        return reference().map(vectors::get).or(() -> original).orElseThrow();
    }

    /** Agreement of a precision with the reference; empty if it was not run. */
    Optional<Cosine> agreement(Precision precision) {
        List<float[]> found = vectors.get(precision);
        return found == null
                ? Optional.empty()
                : Optional.of(Agreement.of(found, referenceVectors()));
    }

    /** Agreement with the weights as they came, where the bundle holds them in few bits. */
    Optional<Cosine> originalAgreement(Precision precision) {
        List<float[]> found = vectors.get(precision);
        return found == null || !vectors.containsKey(Precision.FP32)
                ? Optional.empty()
                : original.map(vectors -> Agreement.of(found, vectors));
    }

    /** How much the same sample's int8-fast vectors differ, alone and in a batch. */
    Optional<Cosine> batchAgreement(Precision precision) {
        List<float[]> found = vectors.get(precision);
        return precision == Precision.INT8_FAST && found != null
                ? batched.map(vectors -> Agreement.of(vectors, found))
                : Optional.empty();
    }

    /** Agreement of all precisions that were run. */
    Map<Precision, Cosine> agreement() {
        Map<Precision, Cosine> all = new EnumMap<>(Precision.class);
        vectors.keySet().forEach(p -> agreement(p).ifPresent(cosine -> all.put(p, cosine)));
        return all;
    }
}
