package io.cospace.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A service with keys, with a queue that one call can fill, and with ranges for integers. */
public final class KeyedService implements QuarkusTestProfile {

    /** A key without limits. */
    static final String GOOD = "good";

    /** A key of which the rate is used up by its first item. */
    static final String SPENT = "spent";

    /** A key that nobody has. */
    static final String UNKNOWN = "unknown";

    @Override
    public Map<String, String> getConfigOverrides() {
        Path bundle = CalibratedBundle.make();
        return Map.of(
                "cospace.model", bundle.toString(),
                "cospace.batching.max-queued-items", "1024",
                "cospace.keys.file", keys(bundle.resolveSibling("keys")).toString());
    }

    private static Path keys(Path file) {
        String spent = sha256(SPENT) + " spent items_per_second=0.001 burst=1\n";
        try {
            return Files.writeString(file, sha256(GOOD) + " good\n" + spent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
