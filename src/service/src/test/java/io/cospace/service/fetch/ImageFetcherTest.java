package io.cospace.service.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a real TLS server on the loopback address, which the tests' address rule takes for
 * public; every other address is judged as in production.
 */
@Timeout(30)
final class ImageFetcherTest {

    private static final InetAddress SERVER = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");
    private static final String PASSWORD = "test-only";

    @TempDir private static Path folder;

    private static Vertx vertx;
    private static HttpServer server;
    private static PfxOptions keys;
    private static final ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
    private static final ConcurrentLinkedQueue<String> closed = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "test",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=images.example",
                                "-ext",
                                "SAN=dns:images.example,dns:other.example",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor()).isZero();
        keys = new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
        vertx = Vertx.vertx();
        server =
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))
                        .requestHandler(ImageFetcherTest::answer)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        served.add(request.path());
        request.response().closeHandler(_ -> closed.add(String.valueOf(request.path())));
        switch (Objects.requireNonNull(request.path())) {
            case "/photo.jpg" -> request.response().end(Buffer.buffer(new byte[] {1, 2, 3}));
            case "/moved" -> redirect(request, "/photo.jpg");
            case "/elsewhere" -> redirect(request, "https://other.example/photo.jpg");
            case "/loop" -> redirect(request, "/loop");
            case "/to-loopback" -> redirect(request, "https://127.0.0.1/photo.jpg");
            case "/to-metadata" -> redirect(request, "http://169.254.169.254/latest/meta-data");
            case "/to-file" -> redirect(request, "file:///etc/passwd");
            case "/huge" -> request.response().setChunked(true).end(Buffer.buffer(new byte[5_000]));
            case "/slow" ->
                    request.response().setChunked(true).write(Buffer.buffer(new byte[] {1}));
            case "/trickle" -> {
                request.response().setChunked(true);
                vertx.setPeriodic(
                        20,
                        timer -> {
                            if (request.response().closed()) {
                                vertx.cancelTimer(timer);
                            } else {
                                request.response().write(Buffer.buffer(new byte[] {1}));
                            }
                        });
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static void redirect(HttpServerRequest request, String location) {
        request.response().setStatusCode(302).putHeader("location", location).end();
    }

    private static ImageFetcher fetcher(Resolver resolver, Duration timeout) {
        FetchSettings settings =
                new FetchSettings(
                        Set.of("images.example", "other.example", "inside.example"),
                        1_000,
                        timeout,
                        2);
        HttpClientOptions options = new HttpClientOptions().setTrustOptions(keys);
        return new ImageFetcher(
                vertx,
                settings,
                options,
                resolver,
                address -> address.equals(SERVER) || PublicAddresses.contains(address),
                server.actualPort());
    }

    private static ImageFetcher fetcher() {
        Map<String, InetAddress> names =
                Map.of(
                        "images.example",
                        SERVER,
                        "other.example",
                        SERVER,
                        "inside.example",
                        METADATA);
        return fetcher(
                host -> {
                    InetAddress address = names.get(host);
                    if (address == null) {
                        throw new UnknownHostException(host);
                    }
                    return List.of(address);
                },
                Duration.ofSeconds(60));
    }

    private static Throwable failure(ImageFetcher fetcher, String url) {
        try (fetcher) {
            fetcher.fetch(url, Duration.ofSeconds(20)).join();
            throw new AssertionError("fetched " + url);
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    @Test
    void fetches_an_image_of_an_allowed_host() {
        try (ImageFetcher fetcher = fetcher()) {
            assertThat(
                            fetcher.fetch(
                                            "https://images.example/photo.jpg",
                                            Duration.ofSeconds(20))
                                    .join())
                    .containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/moved", "/elsewhere"})
    void follows_a_redirect_to_an_allowed_host(String path) {
        try (ImageFetcher fetcher = fetcher()) {
            assertThat(
                            fetcher.fetch("https://images.example" + path, Duration.ofSeconds(20))
                                    .join())
                    .containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://images.example/photo.jpg",
                "file:///etc/passwd",
                "ftp://images.example/photo.jpg",
                "https://images.example:8443/photo.jpg",
                "https://user@images.example/photo.jpg",
                "https://evil.example/photo.jpg",
                "https://images.example.evil.example/photo.jpg",
                "https://127.0.0.1/photo.jpg",
                "https://2130706433/photo.jpg",
                "https://0x7f000001/photo.jpg",
                "https://0177.0.0.1/photo.jpg",
                "https://[::1]/photo.jpg",
                "https://[::ffff:127.0.0.1]/photo.jpg",
                "https://[fe80::1%25eth0]/photo.jpg",
                "https://[64:ff9b::7f00:1]/photo.jpg",
                "https://[::127.0.0.1]/photo.jpg",
                "https://[2002:7f00:1::]/photo.jpg",
                "https://017700000001/photo.jpg",
                "https://127.1/photo.jpg",
                "https://localhost/photo.jpg",
                "https:///photo.jpg",
                "https://images.example\\@evil.example/",
                "not a url",
                ""
            })
    void refuses_a_url_before_anything_is_looked_up(String url) {
        AtomicInteger lookUps = new AtomicInteger();
        Resolver counting =
                _ -> {
                    lookUps.incrementAndGet();
                    return List.of(SERVER);
                };
        Throwable failure = failure(fetcher(counting, Duration.ofSeconds(60)), url);
        assertThat(failure).isInstanceOf(FetchException.Refused.class);
        assertThat(lookUps).hasValue(0);
    }

    @Test
    void refuses_an_allowed_name_that_leads_inside_and_does_not_tell_the_address() {
        assertThat(failure(fetcher(), "https://inside.example/photo.jpg"))
                .isInstanceOf(FetchException.Refused.class)
                .hasMessageContaining("inside.example")
                .hasMessageNotContaining("169.254");
    }

    @Test
    void refuses_a_name_with_one_public_and_one_private_address() {
        Resolver both = _ -> List.of(SERVER, InetAddress.ofLiteral("10.0.0.1"));
        assertThat(
                        failure(
                                fetcher(both, Duration.ofSeconds(60)),
                                "https://images.example/photo.jpg"))
                .isInstanceOf(FetchException.Refused.class);
    }

    @Test
    void connects_to_the_address_that_was_checked_when_the_name_changes_in_between() {
        AtomicInteger lookUps = new AtomicInteger();
        Resolver rebinding = _ -> List.of(lookUps.getAndIncrement() == 0 ? SERVER : METADATA);
        try (ImageFetcher fetcher = fetcher(rebinding, Duration.ofSeconds(60))) {
            assertThat(
                            fetcher.fetch(
                                            "https://images.example/photo.jpg",
                                            Duration.ofSeconds(20))
                                    .join())
                    .hasSize(3);
        }
        assertThat(lookUps).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/to-loopback", "/to-metadata", "/to-file"})
    void refuses_a_redirect_to_where_the_rules_forbid(String path) {
        served.clear();
        assertThat(failure(fetcher(), "https://images.example" + path))
                .isInstanceOf(FetchException.Refused.class);
        assertThat(served).containsExactly(path);
    }

    @Test
    void gives_up_on_endless_redirects_on_errors_on_long_and_on_slow_bodies() {
        assertThat(failure(fetcher(), "https://images.example/loop"))
                .hasMessageContaining("more than 2 times");
        assertThat(failure(fetcher(), "https://images.example/none"))
                .hasMessageContaining("status 404");
        assertThat(failure(fetcher(), "https://images.example/huge"))
                .hasMessageContaining("more than 1000 bytes");
        ImageFetcher impatient = fetcher(_ -> List.of(SERVER), Duration.ofMillis(300));
        assertThat(failure(impatient, "https://images.example/slow"))
                .hasMessageContaining("did not come within 300 ms");
        ImageFetcher alsoImpatient = fetcher(_ -> List.of(SERVER), Duration.ofMillis(300));
        assertThat(failure(alsoImpatient, "https://images.example/trickle"))
                .hasMessageContaining("did not come within 300 ms");
    }

    @Test
    void takes_no_longer_than_the_call_has_and_stops_when_given_up() throws Exception {
        try (ImageFetcher fetcher = fetcher()) {
            String slow = "https://images.example/slow";
            assertThat(fetcher.fetch(slow, Duration.ofMillis(200)))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("did not come within 200 ms");
            served.clear();
            closed.clear();
            CompletableFuture<byte[]> image = fetcher.fetch(slow, Duration.ofSeconds(60));
            while (served.isEmpty()) {
                Thread.sleep(10);
            }
            image.cancel(false);
            while (closed.isEmpty()) {
                Thread.sleep(10);
            }
        }
    }

    @Test
    void does_not_trust_a_certificate_of_another_name() {
        FetchSettings settings =
                new FetchSettings(Set.of("stranger.example"), 1_000, Duration.ofSeconds(60), 2);
        ImageFetcher fetcher =
                new ImageFetcher(
                        vertx,
                        settings,
                        new HttpClientOptions().setTrustOptions(keys),
                        _ -> List.of(SERVER),
                        _ -> true,
                        server.actualPort());
        assertThat(failure(fetcher, "https://stranger.example/photo.jpg"))
                .isInstanceOf(FetchException.Failed.class);
    }

    @Test
    void is_off_without_a_list_of_hosts() {
        FetchSettings off = new FetchSettings(Set.of(), 1_000, Duration.ofSeconds(60), 2);
        assertThat(failure(ImageFetcher.of(vertx, off), "https://images.example/photo.jpg"))
                .isInstanceOf(FetchException.Refused.class)
                .hasMessageContaining("does not fetch");
    }

    @Test
    void settings_take_names_and_wildcards_but_no_addresses() {
        FetchSettings settings =
                new FetchSettings(Set.of("*.cdn.example"), 1, Duration.ofSeconds(1), 0);
        assertThat(settings.allows("a.b.cdn.example")).isTrue();
        assertThat(settings.allows("cdn.example")).isFalse();
        assertThat(settings.allows("evilcdn.example")).isFalse();
        assertThatThrownBy(() -> new FetchSettings(Set.of("10.0.0.1"), 1, Duration.ofSeconds(1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.1");
    }
}
