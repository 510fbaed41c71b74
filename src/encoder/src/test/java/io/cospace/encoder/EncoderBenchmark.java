package io.cospace.encoder;

import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds to embed one batch with the default bundle: run only, inputs prepared before. The
 * repository's root is the system property {@code cospace.root}, by default two folders up, as seen
 * from this module.
 *
 * <pre>
 * src/evaluate/jmh encoder EncoderBenchmark -p width=NARROW
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class EncoderBenchmark {

    @Param({"1", "8", "32"})
    int batch;

    @Param({"NARROW", "WIDE"})
    Width width = Width.NARROW;

    private Encoder encoder;
    private List<TokenizedText> shortTexts;
    private List<TokenizedText> longTexts;
    private List<Pixels> images;

    @Setup
    public void open() {
        Path root = Path.of(System.getProperty("cospace.root", "../.."));
        Path bundle = root.resolve("models/mini-multilingual/2");
        int cores = Runtime.getRuntime().availableProcessors();
        encoder =
                Encoder.open(
                        bundle,
                        new EncoderSettings(
                                new Device.Cpu(), EncoderSettings.AUTO, cores, Verification.SIZE));
        shortTexts = repeat("Ein Foto von einem braunen Hund am Strand.");
        longTexts = repeat("Ein Foto von einem braunen Hund am Strand. ".repeat(10));
        int side = encoder.bundle().manifest().image().preprocessing().crop();
        byte[] levels = new byte[Pixels.CHANNELS * side * side];
        float[] table = new float[Pixels.CHANNELS * Pixels.LEVELS];
        Pixels pixels = Pixels.ofLevels(side, side, levels, table);
        images = Collections.nCopies(batch, pixels);
    }

    @TearDown
    public void close() {
        encoder.close();
    }

    @Benchmark
    public Object shortTexts() {
        return encoder.text().embed(shortTexts, width);
    }

    @Benchmark
    public Object longTexts() {
        return encoder.text().embed(longTexts, width);
    }

    @Benchmark
    public Object images() {
        return encoder.image().embed(images, width);
    }

    private List<TokenizedText> repeat(String text) {
        return Collections.nCopies(batch, encoder.text().tokenize(text, Task.DOCUMENT));
    }
}
