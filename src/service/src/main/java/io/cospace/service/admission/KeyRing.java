package io.cospace.service.admission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The API keys of a file, read again when its content changes. Thread-safe.
 *
 * <p>The content is compared, not the time stamp: a mounted Kubernetes secret changes by a link.
 */
public final class KeyRing implements AutoCloseable {

    /** A longer key is refused before it is hashed. */
    private static final int LONGEST_KEY = 1_024;

    private final Path file;
    private volatile Loaded loaded;
    private volatile boolean closed;

    /** A key beside the bytes of its hash. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    private record Known(byte[] hash, ApiKey key) {}

    private record Loaded(String text, List<Known> keys) {}

    private KeyRing(Path file, Loaded loaded) {
        this.file = file;
        this.loaded = loaded;
    }

    /**
     * Reads the keys.
     *
     * @throws IllegalArgumentException when a line is wrong or no key is there: a service without
     *     keys would be open to nobody, and one that ignores a line to the wrong people
     * @throws UncheckedIOException when the file cannot be read
     */
    public static KeyRing open(Path file) {
        return new KeyRing(file, load(read(file)));
    }

    /** How many keys there are. */
    public int size() {
        return loaded.keys.size();
    }

    /**
     * The key that a caller shows. Its hash is compared with every known one, each in constant
     * time, so that the time tells nothing.
     */
    Optional<ApiKey> find(String shown) {
        if (shown.isEmpty() || shown.length() > LONGEST_KEY) {
            return Optional.empty();
        }
        byte[] hash = sha256(shown);
        Optional<ApiKey> found = Optional.empty();
        for (Known known : loaded.keys) {
            if (MessageDigest.isEqual(known.hash, hash)) {
                found = Optional.of(known.key);
            }
        }
        return found;
    }

    /**
     * Reads the file again if its content has changed. When it cannot be used, the old keys stay.
     *
     * @return whether the keys are new
     * @throws IllegalArgumentException as {@link #open}
     * @throws UncheckedIOException as {@link #open}
     */
    public boolean reload() {
        String text = read(file);
        if (text.equals(loaded.text)) {
            return false;
        }
        loaded = load(text);
        return true;
    }

    /**
     * Reloads every so often on a thread of its own, until closed.
     *
     * @param report told of each change and each failure, once
     */
    public void watch(Duration interval, Consumer<String> report) {
        Thread.ofVirtual().name("cospace-key-watch").start(() -> watchLoop(interval, report));
    }

    private void watchLoop(Duration interval, Consumer<String> report) {
        String last = "";
        while (!closed) {
            try {
                Thread.sleep(interval);
                if (reload()) {
                    last = "";
                    report.accept("%d API keys are in use".formatted(size()));
                }
            } catch (InterruptedException e) {
                return;
            } catch (IllegalArgumentException | UncheckedIOException e) {
                String failure = "the API keys stay as they were: " + e.getMessage();
                if (!failure.equals(last)) {
                    report.accept(failure);
                }
                last = failure;
            }
        }
    }

    /** Ends the watch. */
    @Override
    public void close() {
        closed = true;
    }

    private static Loaded load(String text) {
        List<Known> keys = new ArrayList<>();
        for (ApiKey key : KeyFile.parse(text)) {
            keys.add(new Known(HexFormat.of().parseHex(key.sha256()), key));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("the file of API keys holds no key");
        }
        return new Loaded(text, List.copyOf(keys));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the file of API keys cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
