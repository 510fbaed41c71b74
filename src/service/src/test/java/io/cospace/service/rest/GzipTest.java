package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 99_999, 100_000})
    void restores_bodies_up_to_the_limit(int size) throws IOException {
        byte[] plain = new byte[size];
        for (int i = 0; i < size; i++) {
            plain[i] = (byte) (i * 31);
        }
        assertThat(Gzip.decompress(gzip(plain), 100_000)).isEqualTo(plain);
    }

    @Test
    void stops_at_the_limit_of_a_body_that_grows_a_thousandfold() throws IOException {
        byte[] bomb = gzip(new byte[10_000_000]);
        assertThat(bomb).hasSizeLessThan(20_000);
        assertThat(problem(bomb))
                .isEqualTo(new Problem.BodyTooLarge(100_000, "the decompressed body"));
    }

    @Test
    void refuses_what_is_not_gzip_or_is_cut() throws IOException {
        assertThat(problem("{}".getBytes(UTF_8)).detail()).contains("not gzip");
        byte[] whole = gzip(new byte[5000]);
        assertThat(problem(Arrays.copyOf(whole, whole.length / 2)).detail()).contains("not gzip");
    }

    private static Problem problem(byte[] body) {
        return catchThrowableOfType(ProblemException.class, () -> Gzip.decompress(body, 100_000))
                .problem();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
