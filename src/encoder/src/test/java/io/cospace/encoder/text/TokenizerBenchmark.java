package io.cospace.encoder.text;

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
 * Microseconds to tokenize one text with the vocabulary of multilingual e5.
 *
 * <pre>src/evaluate/jmh encoder TokenizerBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TokenizerBenchmark {

    private static final String SENTENCE = "Ein Foto von einem braunen Hund am Strand. ";

    /** Sentences in the text; one has about 12 tokens. */
    @Param({"1", "10", "300"})
    int sentences;

    private Tokenizer tokenizer;
    private String text;
    private TokenizedText tokens;

    @Setup
    public void open() {
        tokenizer = Golden.tokenizer("xlmr", Golden.format(512, "query: ", "query: "));
        text = SENTENCE.repeat(sentences);
        tokens = tokenizer.tokenize(text, Task.DOCUMENT);
    }

    @TearDown
    public void close() {
        tokenizer.close();
    }

    @Benchmark
    public Object tokenize() {
        return tokenizer.tokenize(text, Task.DOCUMENT);
    }

    @Benchmark
    public Object windows() {
        return Windows.of(tokens, 512);
    }

    @Benchmark
    public Object chunks() {
        return Chunks.of(text, tokens, 512);
    }
}
