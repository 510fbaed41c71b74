package io.cospace.service.embedding;

import io.cospace.encoder.math.Vectors;
import java.util.Arrays;

/** Vectors that callers stored earlier, checked before they are compared with new ones. */
final class StoredVectors {

    private StoredVectors() {}

    /**
     * A stored vector at unit length, as a vector of the model.
     *
     * @param dimensions length that the call compares at; the model's own length is taken too
     * @throws ProblemException when it is of another space, of another length, not finite, or zero
     */
    static float[] unit(
            Input.Vector input, Model model, Options options, int dimensions, Place place) {
        checkSpace(input, model, options, place);
        float[] values = input.values();
        if (values.length != dimensions && values.length != model.manifest().dimensions()) {
            String or =
                    dimensions == model.manifest().dimensions()
                            ? ""
                            : " or " + model.manifest().dimensions();
            throw invalid(
                    place,
                    "has %d components; must have %d%s".formatted(values.length, dimensions, or));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw invalid(
                        place,
                        "component %d is %s; must be a finite number".formatted(i, values[i]));
            }
        }
        float[] cut = Arrays.copyOf(values, dimensions);
        if (!Vectors.hasDirection(cut)) {
            throw invalid(place, "is all zeros; such a vector has no direction");
        }
        return Vectors.normalise(cut);
    }

    private static void checkSpace(Input.Vector input, Model model, Options options, Place place) {
        String space = input.space() == null ? options.space() : input.space();
        if (space == null) {
            throw new ProblemException(
                    Problem.InvalidRequest.at(
                            place.pointer() + "/space",
                            "is missing; a stored vector names the space it was made in"));
        }
        if (!space.equals(model.space())) {
            throw new ProblemException(new Problem.SpaceMismatch(space, model.space()));
        }
    }

    private static ProblemException invalid(Place place, String reason) {
        return new ProblemException(
                Problem.InvalidRequest.at(place.pointer() + "/embedding", reason));
    }
}
