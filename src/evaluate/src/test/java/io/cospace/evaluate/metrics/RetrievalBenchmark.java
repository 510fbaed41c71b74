package io.cospace.evaluate.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Retrieval of n images and n captions of 512 dimensions: {@code src/evaluate/jmh evaluate
 * RetrievalBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class RetrievalBenchmark {
    @Param({"1000", "5000"})
    private int size;

    private VectorSet images;
    private VectorSet captions;
    private Relevance relevance;

    /** Random vectors; their values do not change the time. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        images = vectors(random);
        captions = vectors(random);
        relevance = Relevance.ofOwners(IntStream.range(0, size).toArray(), size);
    }

    private VectorSet vectors(SplittableRandom random) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] row = new float[512];
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) random.nextDouble(-1, 1);
            }
            rows.add(row);
        }
        return VectorSet.of(rows);
    }

    /** Both directions, all tie rules. */
    @Benchmark
    public RetrievalScores score() {
        return RetrievalScores.of(images, captions, relevance);
    }
}
