package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ustar", "gnu", "pax"})
    void reads_the_archives_of_another_writer(String format) throws Exception {
        String key =
                format.equals("ustar")
                        ? "p".repeat(90) + "/" + "q".repeat(90)
                        : "folder/" + "a-very-long-name-".repeat(15) + "é";
        byte[] whole = Files.readAllBytes(fixture(format));
        try (TarReader tar = new TarReader(fixture(format))) {
            TarReader.Member image = Objects.requireNonNull(tar.next());
            assertThat(image.name()).isEqualTo(key + ".jpg");
            byte[] content = tar.content();
            assertThat(content).hasSize(602).startsWith(0xff, 0xd8);
            int offset = (int) image.offset();
            assertThat(Arrays.copyOfRange(whole, offset, offset + 602)).isEqualTo(content);
            assertThat(Objects.requireNonNull(tar.next()).name()).isEqualTo(key + ".txt");
            assertThat(new String(tar.content(), UTF_8)).isEqualTo("a red ball\n");
            TarReader.Member last = Objects.requireNonNull(tar.next());
            assertThat(last.name()).isEqualTo("last.txt");
            assertThat(last.size()).isZero();
            assertThat(tar.next()).isNull();
        }
    }

    @Test
    void passes_over_content_that_nobody_asked_for() throws IOException {
        Path file = write(new TarWriter().file("a", "one").file("b", "x".repeat(512)).closed());
        assertThat(names(file)).containsExactly("a", "b");
    }

    @Test
    void ends_at_the_end_of_the_file_too() throws IOException {
        assertThat(names(write(new TarWriter().file("a", "one").open()))).containsExactly("a");
        assertThat(names(write(new byte[0]))).isEmpty();
    }

    @Test
    void reads_binary_sizes() throws IOException {
        byte[] size = new byte[12];
        size[0] = (byte) 0x80;
        size[10] = 2;
        size[11] = 1;
        Path file = write(new TarWriter().header("big", '0', size).raw(new byte[513]).closed());
        try (TarReader tar = new TarReader(file)) {
            assertThat(Objects.requireNonNull(tar.next()).size()).isEqualTo(513);
            assertThat(tar.content()).hasSize(513);
            assertThat(tar.next()).isNull();
        }
    }

    @Test
    void a_pax_size_wins_over_the_header() throws IOException {
        byte[] pax = "13 size=1000\n".getBytes(UTF_8);
        Path file =
                write(
                        new TarWriter()
                                .header("h", 'x', TarWriter.octal(pax.length))
                                .raw(pax)
                                .header("a", '0', TarWriter.octal(0))
                                .raw(new byte[1000])
                                .file("b", "")
                                .closed());
        assertThat(names(file)).containsExactly("a", "b");
    }

    @Test
    void names_the_place_of_a_broken_header() throws IOException {
        byte[] bytes = new TarWriter().file("a", "one").file("b", "two").closed();
        bytes[1024] ^= 1;
        Path file = write(bytes);
        assertThatThrownBy(() -> names(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": at byte 1024: no tar header: its checksum is wrong");
    }

    @Test
    void an_archive_that_ends_early_is_an_error() throws IOException {
        byte[] bytes = new TarWriter().file("a", "x".repeat(600)).open();
        for (int length : new int[] {300, 700}) {
            Path file = write(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> names(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("the archive ends early");
        }
    }

    @Test
    void rejects_sizes_that_cannot_be() throws IOException {
        Path octal = write(new TarWriter().header("a", '0', "9".getBytes(UTF_8)).open());
        assertThatThrownBy(() -> names(octal)).hasMessageContaining("\"9\"");
        byte[] pax = "12 size=-512\n".getBytes(UTF_8);
        Path negative =
                write(
                        new TarWriter()
                                .header("h", 'x', TarWriter.octal(13))
                                .raw("13 size=-512\n".getBytes(UTF_8))
                                .file("a", "")
                                .open());
        assertThatThrownBy(() -> names(negative)).hasMessageContaining("size is -512");
        Path malformed =
                write(new TarWriter().header("h", 'x', TarWriter.octal(13)).raw(pax).open());
        assertThatThrownBy(() -> names(malformed)).hasMessageContaining("pax header is malformed");
    }

    @Test
    void a_huge_long_name_allocates_nothing() throws IOException {
        Path file = write(new TarWriter().header("L", 'L', TarWriter.octal(1L << 30)).open());
        assertThatThrownBy(() -> names(file)).hasMessageContaining("limit 1048576");
    }

    private List<String> names(Path file) {
        List<String> names = new ArrayList<>();
        try (TarReader tar = new TarReader(file)) {
            TarReader.Member member;
            while ((member = tar.next()) != null) {
                names.add(member.name());
            }
        }
        return names;
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("test.tar"), bytes);
    }

    private static Path fixture(String format) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(TarReaderTest.class.getResource("/data/" + format + ".tar"))
                        .toURI());
    }
}
