package io.cospace.service.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.batching.Priority;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class KeyRingTest {

    @TempDir Path folder;

    static String sha256(String key) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash);
    }

    private Path file(String... lines) throws Exception {
        return Files.writeString(folder.resolve("keys"), String.join("\n", lines));
    }

    @Test
    void finds_a_key_by_its_hash_with_all_its_options() throws Exception {
        Path file =
                file(
                        "# keys of the shop",
                        "",
                        sha256("alpha") + " search concurrency=32 items_per_second=500 burst=2000",
                        sha256("beta") + "\tindexer  class=bulk expires=2027-06-30");
        KeyRing ring = KeyRing.open(file);

        assertThat(ring.size()).isEqualTo(2);
        assertThat(ring.find("alpha"))
                .contains(
                        new ApiKey(
                                "search",
                                sha256("alpha"),
                                Optional.empty(),
                                new KeyLimits(32, 500, 2000),
                                Optional.empty()));
        assertThat(ring.find("beta"))
                .contains(
                        new ApiKey(
                                "indexer",
                                sha256("beta"),
                                Optional.of(Priority.BULK),
                                KeyLimits.NONE,
                                Optional.of(Instant.parse("2027-06-30T00:00:00Z"))));
    }

    @Test
    void finds_nothing_for_other_keys() throws Exception {
        KeyRing ring = KeyRing.open(file(sha256("alpha") + " search"));

        assertThat(
                        List.of(
                                "",
                                "Alpha",
                                "alpha ",
                                sha256("alpha"),
                                "x".repeat(10_000),
                                "alph\uD800"))
                .allSatisfy(shown -> assertThat(ring.find(shown)).isEmpty());
    }

    @Test
    void the_burst_is_two_seconds_of_the_rate_unless_said() throws Exception {
        KeyRing ring =
                KeyRing.open(
                        file(
                                sha256("a") + " a items_per_second=50",
                                sha256("b") + " b items_per_second=0.1"));

        assertThat(ring.find("a")).map(key -> key.limits().burst()).contains(100);
        assertThat(ring.find("b")).map(key -> key.limits().burst()).contains(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    abc name | the first field has 3 characters; must be the 64 hexadecimal digits of a SHA-256
                    HASH | must be a hash, a name, and options
                    HASH na/me | name 'na/me' must be 1 to 64 letters, digits, '.', '_', '-'
                    HASH n class=best | class 'best' must be interactive or bulk
                    HASH n speed=3 | option 'speed' is not one of class, concurrency, items_per_second, burst, expires
                    HASH n concurrency=many | concurrency 'many' cannot be read
                    HASH n concurrency=0 | concurrency is 0; must be at least 1
                    HASH n items_per_second=-1 | items_per_second is -1.0; must be more than 0
                    HASH n items_per_second=NaN | items_per_second is NaN; must be more than 0
                    HASH n burst=0 | burst is 0; must be at least 1
                    HASH n burst | burst '' cannot be read
                    HASH n burst=1 burst=2 | option burst is there twice
                    HASH n expires=30.6.2027 | expires '30.6.2027' cannot be read
                    """)
    void names_the_line_and_the_field_that_is_wrong(String line, String message) throws Exception {
        Path file = file("# first", line.replace("HASH", sha256("x")));

        assertThatThrownBy(() -> KeyRing.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("API keys, line 2: " + message);
    }

    @Test
    void rejects_a_name_or_a_hash_that_is_there_twice() throws Exception {
        Path names = file(sha256("a") + " n", sha256("b") + " n");
        assertThatThrownBy(() -> KeyRing.open(names))
                .hasMessage("API keys, line 2: n, or its hash, is there twice");
        Path hashes = file(sha256("a") + " n", sha256("a") + " m");
        assertThatThrownBy(() -> KeyRing.open(hashes))
                .hasMessage("API keys, line 2: m, or its hash, is there twice");
    }

    @Test
    void a_file_without_keys_or_none_at_all_does_not_open() throws Exception {
        Path empty = file("# nothing");
        assertThatThrownBy(() -> KeyRing.open(empty))
                .hasMessage("the file of API keys holds no key");
        assertThatThrownBy(() -> KeyRing.open(folder.resolve("missing")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the file of API keys cannot be read: ");
    }

    @Test
    void reload_takes_new_content_and_keeps_the_old_when_it_is_wrong() throws Exception {
        KeyRing ring = KeyRing.open(file(sha256("a") + " n"));
        assertThat(ring.reload()).isFalse();

        file(sha256("b") + " n");
        assertThat(ring.reload()).isTrue();
        assertThat(ring.find("a")).isEmpty();
        assertThat(ring.find("b")).isPresent();

        file("rubbish");
        assertThatThrownBy(ring::reload).isInstanceOf(IllegalArgumentException.class);
        assertThat(ring.find("b")).isPresent();
    }

    @Test
    void the_watch_reloads_by_itself_and_reports_each_failure_once() throws Exception {
        BlockingQueue<String> reports = new LinkedBlockingQueue<>();
        try (KeyRing ring = KeyRing.open(file(sha256("a") + " n"))) {
            ring.watch(Duration.ofMillis(5), reports::add);
            replace("rubbish here");
            assertThat(reports.poll(20, TimeUnit.SECONDS))
                    .startsWith("the API keys stay as they were: API keys, line 1: ");
            TimeUnit.MILLISECONDS.sleep(50);
            replace(sha256("b") + " n\n" + sha256("c") + " m");
            assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo("2 API keys are in use");
            assertThat(ring.find("c")).isPresent();
            assertThat(reports).isEmpty();
        }
    }

    /** In one step, as a mounted secret changes. */
    private void replace(String text) throws Exception {
        Path fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.move(
                fresh,
                folder.resolve("keys"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
