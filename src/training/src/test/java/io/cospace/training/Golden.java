package io.cospace.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** Fixtures of this module and of {@code src/export}, see the READMEs beside them. */
public final class Golden {
    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));

    private Golden() {}

    /** A file of this module's fixtures. */
    public static Path file(String name) {
        return ROOT.resolve("src/training/src/test/resources/golden").resolve(name);
    }

    /** A file of the exporter's fixtures. */
    public static Path exported(String name) {
        return ROOT.resolve("src/export/src/test/resources/golden").resolve(name);
    }

    /** Named tensors; asking for one that is not there fails the test. */
    public record Fixture(Map<String, Tensor> all) {
        public Tensor get(String name) {
            Tensor tensor = all.get(name);
            if (tensor == null) {
                throw new AssertionError("no tensor " + name + " among " + all.keySet());
            }
            return tensor;
        }
    }

    public static Fixture tensors(Path file) {
        try (TensorSource source = Checkpoint.open(file)) {
            return new Fixture(TensorFile.readAll(source));
        }
    }

    public static JsonNode json(String name) {
        try {
            return JsonMapper.builder().build().readTree(file(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Largest difference of two tensors of one shape. */
    public static double difference(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double[] a = actual.toDoubles();
        double[] b = expected.toDoubles();
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs(a[i] - b[i]);
            // Comparing so that a difference that is not a number counts as one.
            if (!(difference <= largest)) {
                largest = difference;
            }
        }
        return largest;
    }

    /** Asserts max |a - b| <= tolerance * max(1, max |b|). */
    public static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        double largest = 1;
        for (double value : expected.toDoubles()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(difference(actual, expected) / largest).isLessThanOrEqualTo(tolerance);
    }
}
