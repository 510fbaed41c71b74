package io.cospace.service.fetch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an image by URL behind every guard of {@link FetchSettings}. A host is looked up once;
 * the connection goes to the very address that was checked, so a name that changes its address in
 * between leads nowhere else. If a name has several addresses, all must be public. Safe for use by
 * many threads; never blocks its caller.
 */
public final class ImageFetcher implements AutoCloseable {

    private static final int HTTPS = 443;

    /** Threads that wait for the system's resolver, which nothing can interrupt. */
    private static final int LOOK_UPS_AT_ONCE = 8;

    private final Vertx vertx;
    private final HttpClient client;
    private final WorkerExecutor lookUps;
    private final FetchSettings settings;
    private final Resolver resolver;
    private final Predicate<InetAddress> isAllowed;
    private final int port;

    /** A fetcher for the public Internet. */
    public static ImageFetcher of(Vertx vertx, FetchSettings settings) {
        return new ImageFetcher(
                vertx,
                settings,
                new HttpClientOptions(),
                Resolver.ofSystem(),
                PublicAddresses::contains,
                HTTPS);
    }

    /** As tests need it: another trust store, names, address rule and port. */
    ImageFetcher(
            Vertx vertx,
            FetchSettings settings,
            HttpClientOptions options,
            Resolver resolver,
            Predicate<InetAddress> isAllowed,
            int port) {
        this.vertx = vertx;
        this.settings = settings;
        this.resolver = resolver;
        this.isAllowed = isAllowed;
        this.port = port;
        this.lookUps = vertx.createSharedWorkerExecutor("cospace-look-up", LOOK_UPS_AT_ONCE);
        this.client =
                vertx.createHttpClient(
                        options.setSsl(true)
                                .setVerifyHost(true)
                                // A kept connection would outlive the check of its address.
                                .setKeepAlive(false)
                                .setDecompressionSupported(false)
                                .setMaxHeaderSize(16 << 10)
                                .setConnectTimeout(Math.toIntExact(settings.timeout().toMillis())));
    }

    /**
     * The body behind {@code url}.
     *
     * @param most longest time, if it is less than that of the settings
     * @return completed with the bytes, or with a {@link FetchException}; to cancel it is to give
     *     the image up
     */
    public CompletableFuture<byte[]> fetch(String url, Duration most) {
        Duration timeout = most.compareTo(settings.timeout()) < 0 ? most : settings.timeout();
        Promise<byte[]> result = Promise.promise();
        long timer =
                vertx.setTimer(
                        Math.max(1, timeout.toMillis()),
                        _ ->
                                result.tryFail(
                                        new FetchException.Failed(
                                                "the image did not come within %d ms"
                                                        .formatted(timeout.toMillis()))));
        Future<byte[]> body;
        try {
            body = follow(Target.of(url, settings), 0, result.future());
        } catch (FetchException e) {
            body = Future.failedFuture(e);
        }
        body.onComplete(result::tryComplete, failure -> result.tryFail(readable(failure)));
        CompletableFuture<byte[]> image = new CompletableFuture<>();
        result.future()
                .onComplete(_ -> vertx.cancelTimer(timer))
                .onComplete(image::complete, image::completeExceptionally);
        CompletableFuture<?> _ =
                image.whenComplete((_, thrown) -> {
                    if (thrown instanceof CancellationException) {
                        result.tryFail(new FetchException.Failed("the image was given up"));
                    }
                });
        return image;
    }

    @Override
    public void close() {
        client.close();
        lookUps.close();
    }

    /**
     * @param overall fails when the whole fetch is given up; then the connection is closed
     */
    private Future<byte[]> follow(Target target, int redirects, Future<byte[]> overall) {
        return lookUps.executeBlocking(() -> address(target), false)
                .compose(
                        address -> client.request(request(target, Objects.requireNonNull(address))))
                .compose(request -> {
                    overall.onFailure(_ -> request.reset());
                    return request.send()
                            .compose(response -> read(response, target, redirects, overall));
                });
    }

    private RequestOptions request(Target target, InetAddress address) {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
                .setHost(target.host())
                .setPort(HTTPS)
                .setURI(target.path())
                .putHeader("accept", "image/*")
                .putHeader("user-agent", "cospace");
    }

    private Future<byte[]> read(
            HttpClientResponse response, Target target, int redirects, Future<byte[]> overall) {
        // A response that is given up ends in a reset, which is no news.
        response.exceptionHandler(_ -> {});
        int status = response.statusCode();
        if (status >= 300 && status < 400) {
            response.request().reset();
            return redirect(target, response.getHeader("location"), redirects, overall);
        }
        if (status != 200) {
            response.request().reset();
            return Future.failedFuture(
                    new FetchException.Failed("the server answers with status " + status));
        }
        return body(response);
    }

    private Future<byte[]> redirect(
            Target from, @Nullable String location, int redirects, Future<byte[]> overall) {
        if (redirects >= settings.maxRedirects()) {
            return Future.failedFuture(
                    new FetchException.Failed(
                            "the server redirects more than "
                                    + settings.maxRedirects()
                                    + " times"));
        }
        try {
            return follow(from.redirect(location, settings), redirects + 1, overall);
        } catch (FetchException e) {
            return Future.failedFuture(e);
        }
    }

    /** Counts while it reads: a length that the server states is only a hint. */
    private Future<byte[]> body(HttpClientResponse response) {
        Promise<byte[]> whole = Promise.promise();
        Buffer buffer = Buffer.buffer();
        response.handler(part -> {
            if (buffer.length() + part.length() <= settings.maxBytes()) {
                buffer.appendBuffer(part);
            } else if (whole.tryFail(
                    new FetchException.Failed(
                            "the image has more than " + settings.maxBytes() + " bytes"))) {
                response.request().reset();
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(_ -> whole.tryComplete(buffer.getBytes()));
        return whole.future();
    }

    private InetAddress address(Target target) throws FetchException {
        List<InetAddress> addresses;
        try {
            addresses = resolver.lookUp(target.host());
        } catch (UnknownHostException e) {
            throw new FetchException.Failed("the host " + target.host() + " has no address");
        }
        for (InetAddress address : addresses) {
            if (!isAllowed.test(address)) {
                // The address itself is not told: it would map the operator's network.
                throw new FetchException.Refused(
                        "the URL is refused: its host "
                                + target.host()
                                + " has an address that is not public");
            }
        }
        return addresses.getFirst();
    }

    private static Throwable readable(Throwable failure) {
        return failure instanceof FetchException
                ? failure
                : new FetchException.Failed(
                        "the image could not be fetched: " + failure.getClass().getSimpleName());
    }
}
