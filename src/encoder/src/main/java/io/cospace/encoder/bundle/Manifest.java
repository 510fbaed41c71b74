package io.cospace.encoder.bundle;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manifest.json} says of a bundle. The JSON has one key a component, in snake case,
 * enum values in lower case; a key that is not here is an error, and so is a missing one unless it
 * is marked nullable. See {@link ManifestJson}.
 *
 * @param format version of this schema, {@value #FORMAT}
 * @param name name of the model, as in the folder {@code models/name/version}
 * @param version version of the model within its name
 * @param space names the vector space; vectors compare if and only if it is equal, see {@link
 *     Space}
 * @param dimensions length D of every vector
 * @param truncatableTo shorter lengths that vectors may be cut to, ascending; may be empty
 * @param score how a cosine becomes a probability
 * @param logitScale factor on the cosine before {@code score}
 * @param logitBias added after the factor; 0 for softmax
 * @param image what the image tower reads
 * @param text what the text tower reads
 * @param precisions the graphs of both towers
 * @param calibration ranges for integer outputs, per tower
 * @param targets retrieval figures that a check of the bundle must reach
 * @param files every file of the bundle but the manifest, by name
 * @param license SPDX expression over all parts
 * @param created time of making in ISO 8601, from SOURCE_DATE_EPOCH, never from a clock
 */
public record Manifest(
        int format,
        String name,
        String version,
        String space,
        int dimensions,
        List<Integer> truncatableTo,
        Score score,
        double logitScale,
        double logitBias,
        Image image,
        TextFormat text,
        Precisions precisions,
        @Nullable Calibrations calibration,
        @Nullable List<Target> targets,
        SortedMap<String, FileEntry> files,
        String license,
        String created) {

    /** The one version of the schema that this code reads and writes. */
    public static final int FORMAT = 1;

    /** Name of the tokenizer's file, in the Hugging Face tokenizers format. */
    public static final String TOKENIZER = "tokenizer.json";

    /** Name of the file that holds the {@link SelfTest}. */
    public static final String SELF_TEST = "self-test.json";

    /** Name of the graph from pooled rows to vectors; a bundle without an adapter has none. */
    public static final String ADAPTER = "adapter.onnx";

    /** How scores of one row become probabilities. */
    public enum Score {
        /** Softmax over the candidates of {@code logit_scale * cosine}. */
        SOFTMAX,
        /**
         * Logistic function of {@code logit_scale * cosine + logit_bias}, each candidate for
         * itself.
         */
        SIGMOID
    }

    /** What the image tower reads. */
    public record Image(Preprocessing preprocessing) {}

    /** The graphs of both towers. */
    public record Precisions(Tower image, Tower text) {}

    /**
     * The graphs of one tower.
     *
     * @param defaults precision for each kind of device, {@code cpu} or {@code cuda}; {@code cpu}
     *     always
     * @param graphs by precision ({@code fp32}, {@code int8}, {@code int8-fast}, {@code fp16})
     */
    public record Tower(SortedMap<String, String> defaults, SortedMap<String, Graph> graphs) {

        public Tower {
            defaults = unmodifiableCopy(defaults);
            graphs = unmodifiableCopy(graphs);
            Checks.that(
                    defaults.containsKey("cpu"), "defaults", defaults.keySet(), "must hold cpu");
            for (Map.Entry<String, String> entry : defaults.entrySet()) {
                boolean known = graphs.containsKey(entry.getValue());
                Checks.that(
                        known,
                        "defaults." + entry.getKey(),
                        entry.getValue(),
                        "must be one of " + graphs.keySet());
            }
        }

        /**
         * The precision that the bundle chooses for a kind of device; where it names none, that for
         * {@code cpu}.
         */
        public String defaultFor(String deviceKind) {
            String chosen = defaults.get(deviceKind);
            return chosen == null ? defaultFor("cpu") : chosen;
        }

        /**
         * The graph of a precision.
         *
         * @throws BundleException when this tower has none of that precision
         */
        public Graph graph(String precision) {
            Graph graph = graphs.get(precision);
            if (graph == null) {
                throw new BundleException(
                        ModelBundle.MANIFEST,
                        "precision is " + precision + "; must be one of " + graphs.keySet());
            }
            return graph;
        }
    }

    /**
     * One graph of a tower.
     *
     * @param file name of the ONNX file
     * @param inputs how a batch of texts is laid out; null for an image graph
     * @param cosineToFp32 agreement of the final {@code embedding} with the fp32 graph's; null for
     *     fp32 itself
     * @param quality named figures of this precision, for the reader; not checked
     */
    public record Graph(
            String file,
            @Nullable TextInputs inputs,
            @Nullable Cosine cosineToFp32,
            @Nullable SortedMap<String, Double> quality) {

        /** Name of the figure that says that nobody has compared this graph with fp32. */
        public static final String UNMEASURED = "unmeasured";

        public Graph {
            quality = quality == null ? null : unmodifiableCopy(quality);
        }

        /**
         * All figures on record by name: {@code cosine_to_fp32.min} and {@code .mean} beside those
         * of {@code quality}.
         */
        public SortedMap<String, Double> figures() {
            SortedMap<String, Double> figures = new TreeMap<>();
            if (quality != null) {
                figures.putAll(quality);
            }
            if (cosineToFp32 != null) {
                figures.put("cosine_to_fp32.min", cosineToFp32.min());
                figures.put("cosine_to_fp32.mean", cosineToFp32.mean());
            }
            return figures;
        }

        /** Whether this graph was ever compared with fp32, or is fp32 itself. */
        public boolean wasMeasured() {
            return quality == null || !quality.containsKey(UNMEASURED);
        }
    }

    /** How a text graph takes a batch. */
    public enum TextInputs {
        /**
         * {@code input_ids} int64 [n, s], right-padded, and {@code lengths} int64 [n] or {@code
         * attention_mask} [n, s].
         */
        PADDED,
        /**
         * {@code input_ids} int64 [t], all texts one after the other, and {@code lengths} int64
         * [n].
         */
        PACKED
    }

    /** Smallest and mean cosine over a set of inputs. */
    public record Cosine(double min, double mean) {}

    /** Per tower: how its values spread. */
    public record Calibrations(@Nullable Calibration image, @Nullable Calibration text) {}

    /**
     * The spread of a tower's vectors over a sample, one value a dimension.
     *
     * @param min smallest value, for int8 and uint8 outputs
     * @param max largest value
     * @param threshold limit above which a bit is set, for binary outputs; null for 0 everywhere
     */
    public record Calibration(
            List<Double> min, List<Double> max, @Nullable List<Double> threshold) {

        public Calibration {
            min = List.copyOf(min);
            max = List.copyOf(max);
            threshold = threshold == null ? null : List.copyOf(threshold);
            Checks.that(
                    max.size() == min.size()
                            && (threshold == null || threshold.size() == min.size()),
                    "max and threshold",
                    max.size() + " values",
                    "must be as many as min has: " + min.size());
        }
    }

    /**
     * A figure that the bundle must reach on known data.
     *
     * @param data name of the data set
     * @param sha256 of its file, 64 hexadecimal digits
     * @param precision which graphs reach it, as {@code EncoderSettings} names them; null: those
     *     that the bundle chooses by itself
     * @param metric name of the figure as {@code cospace evaluate --json} prints it: group,
     *     language where there is one, direction and figure, for example {@code
     *     openclipart.text_to_image.recall_at_10}
     * @param value what was measured when the bundle was made, a fraction, 0 to 1
     * @param tolerance by how much a check may fall below, in the same unit
     */
    public record Target(
            String data,
            String sha256,
            @Nullable String precision,
            String metric,
            double value,
            double tolerance) {}

    /** Checksum and size of one file. */
    public record FileEntry(String sha256, long bytes) {

        public FileEntry {
            Checks.that(
                    sha256.matches("[0-9a-f]{64}"),
                    "sha256",
                    sha256,
                    "must be 64 hexadecimal digits");
            Checks.that(bytes >= 0, "bytes", bytes, "must not be negative");
        }
    }

    public Manifest {
        truncatableTo = List.copyOf(truncatableTo);
        targets = targets == null ? null : List.copyOf(targets);
        files = unmodifiableCopy(files);
        Checks.that(format == FORMAT, "format", format, "must be " + FORMAT);
        Checks.identity(name, version);
        Checks.dimensions(dimensions, truncatableTo, calibration);
        Checks.logits(logitScale, logitBias);
        Checks.files(files, precisions);
    }

    /** Name and version as the API shows them: {@code name/version}. */
    public String id() {
        return name + "/" + version;
    }

    private static <V> SortedMap<String, V> unmodifiableCopy(SortedMap<String, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
