package io.cospace.service.config;

import io.cospace.encoder.bundle.Verification;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /**
     * Where the models run: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. One device a
     * process: several GPUs need a process each.
     */
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

    /** How a GPU is used. */
    Cuda cuda();

    /**
     * Threads that a lone item may use, spinning while it runs, 1 .. 1024. Default: the number of
     * cores.
     */
    OptionalInt wideThreads();

    /** Threads that read calls and prepare items. */
    Preparation preparation();

    /** What one call may ask for. */
    Limits limits();

    /** Images that a call names by their URL. */
    Fetch fetch();

    /** How items are batched. */
    Batching batching();

    /** Who may call. */
    Keys keys();

    /** What is kept between calls. */
    Cache cache();

    /** How the process ends when it is told to. */
    Drain drain();

    /** How long clients keep to one connection. */
    Connections connections();

    /** A line for each call. */
    AccessLog accessLog();

    /** Where traces go. */
    Traces traces();

    /**
     * How long the most telling shapes of a tower are run before it serves, 0 s .. 10 min; all of
     * them follow for as long, while nothing else runs, once it does.
     */
    @WithDefault("2s")
    Duration warmUpLimit();

    /** How a GPU is used. */
    interface Cuda {

        /** Most bytes of its memory that each tower takes, 0 .. 1 TB; 0: no limit. */
        @WithDefault("0")
        long memoryBytes();
    }

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

        /** Windows or chunks that one long text is read in, 1 .. 10,000. */
        @WithDefault("64")
        int windows();

        /** Objects and arrays inside each other in JSON, 4 .. 1,000. */
        @WithDefault("32")
        int jsonDepth();

        /** Time that a call has when it names none, 1 ms .. 10 min. */
        @WithDefault("60s")
        Duration timeout();

        /**
         * Longest pause of a body, 10 ms .. 10 min; one that brings less than 1,000 bytes a second
         * on average may take no longer either.
         */
        @WithDefault("30s")
        Duration bodyPause();

        /**
         * Longest time in which a client reads nothing of an answer that waits for it, 10 ms .. 10
         * min; then it is cut off. One that reads slowly is not.
         */
        @WithDefault("30s")
        Duration answerPause();

        /**
         * Longest pause between the lines of a bulk call, and longest time in which the client of
         * one, or of a gRPC stream, reads none of its answer, 10 ms .. 1 h.
         */
        @WithDefault("60s")
        Duration linePause();
    }

    /** Images that a call names by their URL: off unless switched on, https only, port 443. */
    interface Fetch {

        /** Whether images are fetched; each host that may be asked must then be allowed. */
        @WithDefault("false")
        boolean enabled();

        /**
         * Hosts that images are fetched from, joined by commas; {@code *.example.com} is every name
         * below it. Addresses that are not public are refused whatever the name. Default: none.
         */
        Optional<List<String>> allowedHosts();

        /** Bytes of a fetched image, 1 .. 100,000,000. */
        @WithDefault("10000000")
        int maxBytes();

        /** Longest time for an image, look-up and redirects included, 10 ms .. 1 min. */
        @WithDefault("5s")
        Duration timeout();

        /** Redirects that are followed, each checked as the URL itself, 0 .. 10. */
        @WithDefault("3")
        int maxRedirects();

        /** Images that are fetched or wait for their decoding at once, 1 .. 1,000. */
        @WithDefault("32")
        int atOnce();
    }

    /** Who may call. */
    interface Keys {

        /**
         * File of API keys: for each a line with the SHA-256 of the key in hexadecimal, its name,
         * and options. Default: none, and everybody may call.
         */
        Optional<Path> file();

        /** How often the file is looked at for changes, 1 s .. 1 h. */
        @WithDefault("10s")
        Duration reload();
    }

    /** What is kept between calls. */
    interface Cache {

        /**
         * Bytes of vectors that are kept for the next call with the same text or image, 0 ..
         * 1,000,000,000,000; 0 keeps none.
         */
        @WithDefault("0")
        long bytes();
    }

    /** How the process ends on SIGTERM. */
    interface Drain {

        /**
         * How long calls are still taken after readiness has gone off, 0 s .. 10 min: until the
         * last load balancer has noticed.
         */
        @WithDefault("5s")
        Duration delay();

        /** Longest time from then on for the calls that were let in, 0 s .. 1 h. */
        @WithDefault("20s")
        Duration timeout();
    }

    /**
     * How long clients keep to one connection of HTTP/2, so of gRPC, which carries all their calls.
     */
    interface Connections {

        /**
         * Age, give or take a tenth, from which a client is told at its next call to connect anew
         * (GOAWAY), so that calls spread over new replicas, 0 s .. 24 h; 0 lets it stay.
         */
        @WithDefault("30m")
        Duration maxAge();

        /** Longest time from then on for the calls and streams on it, 1 s .. 24 h. */
        @WithDefault("1h")
        Duration grace();
    }

    /** A line for each call. */
    interface AccessLog {

        /** Whether each call on the port of the API is written as one line of JSON. */
        @WithDefault("false")
        boolean enabled();

        /** File that the lines are appended to. Default: none, and they go to standard output. */
        Optional<Path> file();
    }

    /** Where traces go. */
    interface Traces {

        /**
         * URL of an OTLP receiver, for example {@code http://localhost:4317}; see {@link
         * TracesSwitch}. Default: none, and nothing is traced.
         */
        Optional<URI> endpoint();
    }

    /** How items are batched, and how many may wait. */
    interface Batching {

        /** Threads that run the models, 1 .. 1024. Default: the cores, or the GPUs. */
        OptionalInt dispatchers();

        /** Most items that wait in both towers, 1 .. 10,000,000. */
        @WithDefault("8192")
        int maxQueuedItems();

        /** Most bytes of the items that wait, 1 MB .. 1 TB. */
        @WithDefault("536870912")
        long maxQueuedBytes();

        /** Longest predicted wait, 1 ms .. 1 h; past it calls are refused. */
        @WithDefault("10s")
        Duration maxQueueTime();

        /**
         * Interactive calls that are answered at once, 1 .. 1,000,000; past it a call that would
         * wait 50 ms or more is refused. Default: 36 for each dispatcher, and no less than 72.
         */
        OptionalInt maxOpenCalls();

        /**
         * How far threads that run models and decode images stand back for those that read and
         * answer calls, 0 .. 19, as Linux' nice values; 0: not at all.
         */
        @WithDefault("5")
        int niceness();

        /** Most texts in one run, 1 .. 4096. */
        @WithDefault("32")
        int maxTexts();

        /** Most tokens in one run, padding included, 1 .. 1,000,000; a longer text runs alone. */
        @WithDefault("256")
        int maxTokens();

        /** Most images in one run, 1 .. 4096. */
        @WithDefault("4")
        int maxImages();

        /** How many waiting items are looked at for like lengths, 0 .. 100,000. */
        @WithDefault("128")
        int lookAhead();

        /** Largest share of a run that may be padding, 0 .. 1. */
        @WithDefault("0.2")
        double maxPadding();

        /** An item that has waited so long is taken whatever its length, 0 s .. 1 h. */
        @WithDefault("250ms")
        Duration ageLimit();

        /** How long a free dispatcher waits for a batch to fill, 0 s .. 1 s. */
        @WithDefault("0s")
        Duration maxWait();

        /** A class of calls that has waited so long shares half and half, 0 s .. 1 h. */
        @WithDefault("10s")
        Duration agingLimit();
    }
}
