package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.cospace.encoder.Modality;
import io.cospace.encoder.math.Vectors;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs beside the model: reading one text or one photo of 100 kB, writing one vector
 * of 384 dimensions, ours and Jackson's:
 *
 * <pre>src/evaluate/jmh service JsonBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {

    private final RequestReader reader = new RequestReader(Limits.defaults());
    private final JsonFactory jackson = new JsonFactory();
    private final float[] vector = vector();
    private final byte[] text =
            "{\"inputs\": [\"a photo of a red bicycle in front of a house\"]}".getBytes(UTF_8);
    private final byte[] photo =
            ("{\"inputs\": [{\"image\": \""
                            + Base64.getEncoder().encodeToString(new byte[100_000])
                            + "\"}]}")
                    .getBytes(UTF_8);
    private final EmbedResult result =
            new EmbedResult(
                    "model/1",
                    "model-0123456789abcdef",
                    vector.length,
                    List.of(
                            new EmbedResult.Embedded(
                                    Modality.IMAGE, new EmbedResult.Forms(vector, Map.of()), null)),
                    new Usage(0, 1),
                    new StageTimes(0, 0, 0));

    @Benchmark
    public EmbedRequest readText() {
        return reader.embed(text);
    }

    @Benchmark
    public EmbedRequest readPhoto() {
        return reader.embed(photo);
    }

    @Benchmark
    public byte[] writeFloats() {
        return Answers.embed(result, Set.of(OutputType.FLOAT));
    }

    @Benchmark
    public byte[] writeBase64() {
        return Answers.embed(result, Set.of(OutputType.BASE64));
    }

    /** The floats alone, by a general generator. */
    @Benchmark
    public byte[] writeFloatsByJackson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (JsonGenerator out = jackson.createGenerator(bytes)) {
            out.writeStartArray();
            for (float value : vector) {
                out.writeNumber(value);
            }
            out.writeEndArray();
        }
        return bytes.toByteArray();
    }

    private static float[] vector() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        float[] vector = new float[384];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return Vectors.normalise(vector);
    }
}
