package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damages every golden file in thousands of ways: each must decode or be refused by an {@link
 * ImageException}, soon. The seed changes from run to run and is part of every failure; {@code
 * -Dcospace.fuzz.seed} repeats one, {@code -Dcospace.fuzz.rounds} sets how often a file is damaged.
 */
final class ImageFuzzTest {
    /** Fixed, so that a failing run repeats; other seeds are for runs by hand. */
    private static final long FIRST_SEED = 20_261_127;

    private static final Duration SLOW = Duration.ofSeconds(5);

    /** 4 megapixels, so that a damaged size field cannot make the test slow by itself. */
    private static final ImageLimits LIMITS = new ImageLimits(20_000_000, 4_000_000, 65_535);

    @Test
    @Timeout(240)
    void refuses_damaged_files_with_an_image_exception_and_nothing_else() throws IOException {
        long seed = Long.getLong("cospace.fuzz.seed", FIRST_SEED);
        int rounds = Integer.getInteger("cospace.fuzz.rounds", 40);
        Random random = new Random(seed);
        int refused = 0;
        for (byte[] file : files()) {
            for (int i = 0; i < rounds; i++) {
                refused += decode(damaged(file, random), seed, i) ? 0 : 1;
            }
        }
        assertThat(refused).as("seed %d: refused files", seed).isPositive();
    }

    private static List<byte[]> files() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : Golden.images()) {
            files.add(Golden.bytes("images/" + name));
        }
        for (FormatsTest.Expected expected : FormatsTest.files()) {
            files.add(FormatsTest.bytes(expected.file()));
        }
        return files;
    }

    /** Whether the file could be read. */
    private static boolean decode(byte[] file, long seed, int round) {
        long start = System.nanoTime();
        boolean read;
        try {
            new ImageDecoder(LIMITS, round % 2 == 0 ? null : List.of(255, 255, 255)).decode(file);
            read = true;
        } catch (ImageException e) {
            assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            read = false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed %d, round %d, file of %d bytes: %s"
                            .formatted(seed, round, file.length, e),
                    e);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("seed %d", seed)
                .isLessThan(SLOW);
        return read;
    }

    private static byte[] damaged(byte[] file, Random random) {
        byte[] damaged = file.clone();
        if (random.nextInt(6) == 0) {
            return Arrays.copyOf(damaged, random.nextInt(file.length));
        }
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            // Half of the damage is done to headers, where it does most.
            int at =
                    random.nextInt(random.nextBoolean() ? Math.min(file.length, 200) : file.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged[at] = (byte) (random.nextBoolean() ? 255 : 0);
                default -> {
                    int count = Math.min(random.nextInt(1, 16), file.length - at);
                    System.arraycopy(
                            file, random.nextInt(file.length - count + 1), damaged, at, count);
                }
            }
        }
        if (damaged[0] == (byte) 0x89 && random.nextInt(4) > 0) {
            mendChecksums(damaged);
        }
        return damaged;
    }

    /** Makes the chunks of a PNG file pass, so that what is in them is looked at. */
    private static void mendChecksums(byte[] png) {
        for (long at = 8; at + 12 <= png.length; ) {
            int start = (int) at;
            long length =
                    (png[start] & 0xffL) << 24
                            | (png[start + 1] & 0xff) << 16
                            | (png[start + 2] & 0xff) << 8
                            | (png[start + 3] & 0xff);
            at += 12 + length;
            if (at > png.length) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(png, start + 4, (int) length + 4);
            for (int i = 0; i < 4; i++) {
                png[(int) at - 4 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
            }
        }
    }
}
