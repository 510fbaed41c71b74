package io.cospace.export.graph;

/** From a tower's pooled features to a unit vector of the shared space. */
public interface Head {
    /** Size of the features. */
    int features();

    /** Size of the vector. */
    int dimensions();

    /**
     * Writes the nodes.
     *
     * @param pooled fp32 [n, features]
     * @return fp32 [n, dimensions], rows of unit length
     */
    Value embedding(Target target, Value pooled);

    /** The features themselves, at unit length. */
    static Head unit(int features) {
        return new UnitHead(features);
    }

    /** No more than L2 normalisation. */
    record UnitHead(int features) implements Head {
        @Override
        public int dimensions() {
            return features;
        }

        @Override
        public Value embedding(Target target, Value pooled) {
            return Ops.l2Normalise(target.graph(), pooled);
        }
    }
}
