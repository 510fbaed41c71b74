package io.cospace.service.embedding;

import java.time.Duration;

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
