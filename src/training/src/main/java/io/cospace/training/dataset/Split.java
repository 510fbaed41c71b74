package io.cospace.training.dataset;

import io.cospace.export.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where a group of copies goes. */
enum Split {
    TRAIN,
    VAL,
    TEST;

    /**
     * How much goes where; the rest is trained on.
     *
     * @param val share of the groups, 0..1
     * @param test share of the groups, 0..1
     */
    record Shares(double val, double test) {}

    /**
     * Follows from the seed and the smallest content hash of a group: samples that are added later
     * move no other group.
     */
    static Split of(String smallest, long seed, Shares shares) {
        byte[] hash =
                Digest.sha256().digest((seed + ":" + smallest).getBytes(StandardCharsets.UTF_8));
        double place = (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
        if (place < shares.test()) {
            return TEST;
        }
        return place < shares.test() + shares.val() ? VAL : TRAIN;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
