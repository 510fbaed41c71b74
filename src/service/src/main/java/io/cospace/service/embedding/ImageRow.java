package io.cospace.service.embedding;

import io.cospace.encoder.image.Pixels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the image tower reads for one row of a batch.
 *
 * @param digest of the image file
 */
public record ImageRow(Pixels pixels, String digest) {

    /**
     * SHA-256 of an image file, in hexadecimal digits: images of equal digests have equal results,
     * which are thereby found again without decoding the file.
     */
    static String digest(byte[] file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
