package io.cospace.service.config;

import io.cospace.encoder.bundle.Verification;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every key of the service itself, under {@code cospace}. A value out of its range stops the
 * start-up, see {@link ConfigCheck}. Durations are written as {@code 500ms}, {@code 10s} or ISO
 * 8601.
 */
@ConfigMapping(prefix = "cospace")
public interface ServiceConfig {

    /**
     * Folder of the bundle that is served. Default: the one below {@link #models()}, and of several
     * versions of it the highest.
     */
    Optional<Path> model();

    /** Folder that holds bundles as {@code name/version}. */
    @WithDefault("models")
    Path models();

    /** Where the models run: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
    @WithDefault("auto")
    String device();

    /** Precision of both towers: {@code auto}, or one that the bundle has. */
    @WithDefault("auto")
    String precision();

    /**
     * What is checked of the bundle's files: {@code full} (size and checksum), {@code size}, or
     * {@code auto} (full below 2 GB).
     */
    @WithDefault("auto")
    Verification verify();

    /** Threads that a lone item may use, 1 .. 1024. Default: the number of cores. */
    OptionalInt wideThreads();

    /** Threads that read calls and prepare items. */
    Preparation preparation();

    /** What one call may ask for. */
    Limits limits();

    /** Threads that read calls and prepare items. */
    interface Preparation {

        /** Threads that read calls, tokenise and write answers, 1 .. 1024. Default: the cores. */
        OptionalInt textThreads();

        /** Threads that decode images, 1 .. 1024. Default: the cores. */
        OptionalInt imageThreads();

        /** Calls that may be in the process at once, 1 .. 1,000,000. */
        @WithDefault("1024")
        int maxCalls();

        /** Bytes that the bodies of all calls may hold together, 1 MB .. 1 TB. */
        @WithDefault("268435456")
        long maxBodyBytes();
    }

    /** What one call may ask for; {@code GET /info} says all of it. */
    interface Limits {

        /** Bytes of a body, as it came and again decompressed, 1,000 .. 1,000,000,000. */
        @WithDefault("33554432")
        int bodyBytes();

        /** Texts and images of one list of a call, 1 .. 65,536. */
        @WithDefault("1024")
        int inputs();

        /** Stored vectors of one list of a call, 1 .. 1,000,000. */
        @WithDefault("16384")
        int storedVectors();

        /** Scores that are answered in full, 1 .. 100,000,000; above, a call needs top_k. */
        @WithDefault("1000000")
        int scores();

        /** Bytes of a text in UTF-8, 1 .. 1,000,000. */
        @WithDefault("1000000")
        int textBytes();

        /** Bytes of an image file, 1 .. 1,000,000,000. */
        @WithDefault("20000000")
        int imageBytes();

        /** Pixels of an image, width times height, 1 .. 1,000,000,000. */
        @WithDefault("64000000")
        int imagePixels();

        /** Objects and arrays inside each other in JSON, 4 .. 1,000. */
        @WithDefault("32")
        int jsonDepth();

        /** Time that a call has when it names none, 1 ms .. 10 min. */
        @WithDefault("60s")
        Duration timeout();
    }
}
