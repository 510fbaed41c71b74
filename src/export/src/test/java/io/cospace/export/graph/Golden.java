package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.export.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One folder of golden fixtures, see the README beside them. */
record Golden(Path folder) {
    /** ONNX Runtime in fp32 against torch in fp32. */
    static final double TOLERANCE = 5e-5;

    static Golden of(String area) {
        Path resources = Path.of("src", "test", "resources", "golden");
        Path module = Path.of(System.getProperty("cospace.root"), "src", "export");
        return new Golden(module.resolve(resources).resolve(area));
    }

    /** Copies a weight file to where a graph that points into it shall lie. */
    Safetensors weights(String file, Path target) throws IOException {
        Path copy = target.resolve("reference.safetensors");
        Files.copy(folder.resolve(file), copy);
        return Safetensors.open(copy);
    }

    Safetensors io() {
        return Safetensors.open(folder.resolve("io.safetensors"));
    }

    JsonNode config() throws IOException {
        return JsonMapper.builder().build().readTree(folder.resolve("config.json").toFile());
    }

    /** Asserts max |a - b| <= tolerance * max(1, max |b|). */
    static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        assertThat(difference / largest).isLessThanOrEqualTo(tolerance);
    }

    /** Asserts that each row of one matrix has at least a cosine with that of another. */
    static void assertCosines(float[] actual, float[] expected, int width, double least) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int row = 0; row < expected.length / width; row++) {
            double dot = 0;
            double aa = 0;
            double bb = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                dot += (double) actual[i] * expected[i];
                aa += (double) actual[i] * actual[i];
                bb += (double) expected[i] * expected[i];
            }
            assertThat(dot / Math.sqrt(aa * bb)).as("row %d", row).isGreaterThan(least);
        }
    }
}
