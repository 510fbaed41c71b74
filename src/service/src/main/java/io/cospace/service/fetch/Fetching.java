package io.cospace.service.fetch;

import io.cospace.service.embedding.UrlImages;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;

/** Makes what fetches images; a service that fetches none makes none. */
@Singleton
public final class Fetching {

    private final Vertx vertx;

    Fetching(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Images of the public Internet.
     *
     * @param atOnce images between the first byte sent for them and the end of their decoding
     */
    public UrlImages open(FetchSettings settings, int atOnce) {
        return new FetchedImages(ImageFetcher.of(vertx, settings)::fetch, atOnce);
    }
}
