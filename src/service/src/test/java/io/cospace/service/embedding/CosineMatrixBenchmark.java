package io.cospace.service.embedding;

import io.cospace.encoder.math.Vectors;
import java.util.List;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * 1,000 x 10,000 cosines of 384 dimensions with the ten best of each row, in blocks and as plain
 * sums:
 *
 * <pre>src/evaluate/jmh service CosineMatrixBenchmark
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class CosineMatrixBenchmark {

    private float[][] a = {};
    private float[][] b = {};

    /** Random unit vectors, the same each time. */
    @Setup
    public void fill() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        a = units(random, 1_000);
        b = units(random, 10_000);
    }

    /** As the service does it. */
    @Benchmark
    public void blocks(Blackhole sink) {
        new CosineMatrix(b).rows(a, () -> {}, row -> sink.consume(TopScores.of(row, 10)));
    }

    /** One dot product after the other. */
    @Benchmark
    public void plain(Blackhole sink) {
        float[] row = new float[b.length];
        for (float[] vector : a) {
            for (int j = 0; j < row.length; j++) {
                row[j] = CosineMatrix.cosine(vector, b[j]);
            }
            List<SimilarityResult.Hit> best = TopScores.of(row, 10);
            sink.consume(best);
        }
    }

    private static float[][] units(RandomGenerator random, int count) {
        float[][] units = new float[count][];
        for (int i = 0; i < count; i++) {
            float[] vector = new float[384];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            units[i] = Vectors.normalise(vector);
        }
        return units;
    }
}
