package io.cospace.service.embedding;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.image.Pixels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the image tower reads for one row of a batch.
 *
 * @param digest SHA-256 of the image file; images of equal digests have equal results
 */
public record ImageRow(Pixels pixels, String digest) {

    /**
     * Decodes and preprocesses an image file.
     *
     * @throws io.cospace.encoder.image.ImageException when it cannot be read
     */
    static ImageRow of(ImageEncoder encoder, byte[] file) {
        Pixels pixels = encoder.prepare(file);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            return new ImageRow(pixels, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
