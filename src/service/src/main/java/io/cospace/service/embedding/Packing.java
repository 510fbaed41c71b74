package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Calibration;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.math.OutputTypes.Ranges;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The integer and binary forms of a model's vectors, by the calibration of the tower that made
 * each.
 *
 * <p>A vector that is cut is packed as the first part of the whole one, not at unit length again:
 * the calibration is one of whole vectors.
 */
public final class Packing {

    private final int dimensions;
    private final Map<Modality, Calibration> calibrations = new EnumMap<>(Modality.class);

    private Packing(Manifest manifest) {
        this.dimensions = manifest.dimensions();
        Manifest.Calibrations all = manifest.calibration();
        if (all != null) {
            put(Modality.TEXT, all.text());
            put(Modality.IMAGE, all.image());
        }
    }

    /** The packing that a bundle says. */
    public static Packing of(Manifest manifest) {
        return new Packing(manifest);
    }

    private void put(Modality modality, @Nullable Calibration calibration) {
        if (calibration != null) {
            calibrations.put(modality, calibration);
        }
    }

    /**
     * Refuses types that need ranges where a tower has none.
     *
     * @throws ProblemException that names the type
     */
    public void check(Set<OutputType> types) {
        for (OutputType type : List.of(OutputType.INT8, OutputType.UINT8)) {
            if (types.contains(type) && calibrations.size() < Modality.values().length) {
                throw new ProblemException(
                        Problem.InvalidRequest.at(
                                "/types",
                                "holds %s; this model has no calibration for it"
                                        .formatted(type.name().toLowerCase(Locale.ROOT))));
            }
        }
    }

    /**
     * The packed forms among {@code types} of a vector.
     *
     * @param whole unit vector of the model's own length
     * @param count how many of its components are wanted
     */
    Map<OutputType, byte[]> pack(
            float[] whole, int count, Modality modality, Set<OutputType> types) {
        Map<OutputType, byte[]> packed = new EnumMap<>(OutputType.class);
        float[] vector = count == dimensions ? whole : Arrays.copyOf(whole, count);
        Calibration calibration = calibrations.get(modality);
        float[] thresholds =
                calibration == null || calibration.threshold() == null
                        ? null
                        : floats(calibration.threshold(), count);
        for (OutputType type : types) {
            switch (type) {
                case FLOAT, BASE64 -> {}
                case INT8 -> packed.put(type, OutputTypes.int8(vector, ranges(modality, count)));
                case UINT8 -> packed.put(type, OutputTypes.uint8(vector, ranges(modality, count)));
                case BINARY -> packed.put(type, OutputTypes.binary(vector, thresholds));
                case UBINARY -> packed.put(type, OutputTypes.ubinary(vector, thresholds));
            }
        }
        return packed;
    }

    private Ranges ranges(Modality modality, int count) {
        Calibration calibration = calibrations.get(modality);
        if (calibration == null) {
            throw new IllegalStateException("This is a bug: types were not checked");
        }
        return new Ranges(floats(calibration.min(), count), floats(calibration.max(), count));
    }

    private static float[] floats(List<Double> values, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
