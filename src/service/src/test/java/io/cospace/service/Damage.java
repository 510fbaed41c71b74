package io.cospace.service;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Bytes that are almost right. */
public final class Damage {

    private final RandomGenerator random;
    private final List<byte[]> tokens;

    /**
     * @param tokens what may be put in: pieces that mean something to the reader
     */
    public Damage(RandomGenerator random, List<byte[]> tokens) {
        this.random = random;
        this.tokens = tokens;
    }

    /** The bytes with one to four changes. */
    public byte[] of(byte[] bytes) {
        byte[] damaged = bytes;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            damaged = change(damaged);
        }
        return damaged;
    }

    private byte[] change(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, at + random.nextInt(1, 9));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> join(bytes, at, new byte[0], to);
            case 2 -> join(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
            case 3 -> join(bytes, at, noise(to - at), to);
            default -> join(bytes, at, tokens.get(random.nextInt(tokens.size())), at);
        };
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] join(byte[] bytes, int at, byte[] between, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(between);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }
}
