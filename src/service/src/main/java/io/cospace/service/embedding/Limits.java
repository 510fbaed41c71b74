package io.cospace.service.embedding;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one call may ask for. Every value is published, so that callers need not guess.
 *
 * @param bodyBytes size of a body, as it came and again once decompressed
 * @param inputs texts and images of one list of a call
 * @param storedVectors stored vectors of one list of a call
 * @param scores scores of one similarity call that are answered in full; above, a top-k is needed
 * @param textBytes size of a text in UTF-8
 * @param imageBytes size of an image file
 * @param imagePixels width times height of an image, as its header says
 * @param windows windows or chunks that one long text is read in
 * @param jsonDepth objects and arrays inside each other
 * @param timeout time that a call has when it names none
 */
public record Limits(
        int bodyBytes,
        int inputs,
        int storedVectors,
        int scores,
        int textBytes,
        int imageBytes,
        int imagePixels,
        int windows,
        int jsonDepth,
        Duration timeout) {

    /** All of them by their public names. */
    public Map<String, Long> published() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("body_bytes", (long) bodyBytes);
        limits.put("inputs", (long) inputs);
        limits.put("stored_vectors", (long) storedVectors);
        limits.put("scores", (long) scores);
        limits.put("text_bytes", (long) textBytes);
        limits.put("image_bytes", (long) imageBytes);
        limits.put("image_pixels", (long) imagePixels);
        limits.put("windows", (long) windows);
        limits.put("json_depth", (long) jsonDepth);
        limits.put("timeout_ms", timeout.toMillis());
        return limits;
    }

    /** The defaults of the documentation. */
    public static Limits defaults() {
        return new Limits(
                32 << 20,
                1024,
                16_384,
                1_000_000,
                1_000_000,
                20_000_000,
                64_000_000,
                64,
                32,
                Duration.ofSeconds(60));
    }
}
