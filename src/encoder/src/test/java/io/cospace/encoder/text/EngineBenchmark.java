package io.cospace.encoder.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Our tokenizer beside the library: microseconds a text, with the vocabulary of multilingual e5.
 *
 * <pre>src/evaluate/jmh encoder EngineBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {

    private static final String SHORT = "a brown dog on the beach";

    private static final String MIXED =
            "Ein brauner Hund läuft am Strand entlang; 茶色の犬がビーチを走っている。 كلب بني يركض على الشاطئ، "
                    + "भूरा कुत्ता समुद्र तट पर दौड़ रहा है। Коричневая собака бежит по пляжу \uD83D\uDC15!";

    /** Which tokenizer. */
    @Param({"own", "library"})
    String engine = "own";

    /** Which text: 7, about 70, about 2,000 tokens. */
    @Param({"short", "mixed", "long"})
    String text = "short";

    private Engine tokenizer;
    private String[] texts;
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path file = Files.createTempFile("tokenizer", ".json");
        try {
            Files.write(file, Golden.read("xlmr/tokenizer.json.gz"));
            tokenizer = engine.equals("own") ? Engine.open(file) : LibraryEngine.open(file);
        } finally {
            Files.delete(file);
        }
        String one =
                switch (text) {
                    case "short" -> SHORT;
                    case "mixed" -> MIXED;
                    default -> MIXED.repeat(30);
                };
        texts = new String[64];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = one + " " + i;
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        tokenizer.close();
    }

    @Benchmark
    public Object encode() {
        next = (next + 1) % texts.length;
        return tokenizer.encode(texts[next]);
    }
}
