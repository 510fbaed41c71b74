package io.cospace.export.checkpoint;

import static io.cospace.export.checkpoint.Fixtures.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mutated files of every container: each is read whole or refused with a {@link
 * CheckpointException}, within a bound of memory. The seed is in every failure; {@code
 * -Dcospace.fuzz.seed=N} repeats it.
 */
final class CheckpointFuzzTest {
    /** Fixed, so that a failing run repeats; other seeds are for runs by hand. */
    private static final long FIRST_SEED = 20_261_127;

    private static final int CASES = 300;
    private static final long MAX_ALLOCATED_BYTES = 200L << 20;

    @TempDir private Path folder;

    @ParameterizedTest
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    @CsvSource({
        "pickle/expected.safetensors, {, 1200",
        "pickle/traps_zip.pt, data.pkl, 1700",
        "pickle/traps_zip.pt, PK\u0001\u0002, 1900",
        "pickle/traps_legacy.pt, protocol_version, 2500",
        "pickle/traps_model_module.pt, data.pkl, 1400",
        "image/openai_vit/openai_torchscript.pt, data.pkl, 5900",
        "text/llama_causal_scaled/model.safetensors.index.json, {, 1700",
    })
    void reads_or_refuses_every_mutation(String name, String marker, int length)
            throws IOException {
        long seed = Long.getLong("cospace.fuzz.seed", FIRST_SEED);
        byte[] original = Files.readAllBytes(golden(name));
        int start = indexOf(original, marker);
        int end = Math.min(original.length, start + length);
        copyShards();
        Path file = folder.resolve(Path.of(name).getFileName());
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            Files.write(file, mutate(original, start, end, new Random(seed + i)));
            refused += isRefused(file, name + " with -Dcospace.fuzz.seed=" + (seed + i)) ? 1 : 0;
        }
        assertThat(refused).as("refused of %d, seed %d", CASES, seed).isGreaterThan(CASES / 4);
    }

    private boolean isRefused(Path file, String what) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean refused = false;
        try (TensorSource source = Checkpoint.open(file)) {
            for (String tensor : source.names()) {
                source.floats(tensor);
                if (source.info(tensor).type().isFloating()) {
                    source.raw(tensor);
                } else {
                    source.longs(tensor);
                }
            }
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).as(what).contains(folder.toString());
            refused = true;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(what + " ended in " + e, e);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated by " + what)
                .isLessThan(MAX_ALLOCATED_BYTES);
        return refused;
    }

    /**
     * One to eight changes of the region: bytes set, flipped, removed, doubled, or the file cut.
     */
    private static byte[] mutate(byte[] original, int start, int end, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = start + random.nextInt(end - start);
            if (at >= bytes.length) {
                continue;
            }
            switch (random.nextInt(12)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = splice(bytes, at, 1 + random.nextInt(16), 0);
                case 2 -> bytes = splice(bytes, at, 0, 1 + random.nextInt(16));
                case 3 -> bytes[at] = (byte) 0xff;
                case 4 -> bytes[at] = 0;
                case 5, 6, 7 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 8 -> bytes[at] = bytes[start + random.nextInt(Math.max(1, at - start))];
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    /** Removes bytes at a place, or repeats those before it. */
    private static byte[] splice(byte[] bytes, int at, int removed, int repeated) {
        int from = Math.min(bytes.length, at + removed);
        int copied = Math.min(repeated, at);
        byte[] result = new byte[at + copied + bytes.length - from];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(bytes, at - copied, result, at, copied);
        System.arraycopy(bytes, from, result, at + copied, bytes.length - from);
        return result;
    }

    private void copyShards() throws IOException {
        for (String shard : new String[] {"1", "2"}) {
            String name = "model-0000" + shard + "-of-00002.safetensors";
            Path target = folder.resolve(name);
            if (!Files.exists(target)) {
                Files.copy(golden("text/llama_causal_scaled/" + name), target);
            }
        }
    }

    private static int indexOf(byte[] bytes, String marker) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(marker);
        assertThat(at).as(marker).isNotNegative();
        return at;
    }
}
