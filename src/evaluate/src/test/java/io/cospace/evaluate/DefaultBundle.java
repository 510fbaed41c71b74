package io.cospace.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the bundle and the test pairs of this repository lie. */
final class DefaultBundle {
    static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("cospace.root")));
    static final Path FOLDER = existing("models/mini-multilingual/2");
    static final Path PAIRS = existing("models/pairs/test-0000.tar");

    private DefaultBundle() {}

    /** A test of the real bundle has nothing to say without it: it fails. */
    private static Path existing(String path) {
        if (!Files.exists(ROOT.resolve(path))) {
            throw new AssertionError(path + " is missing in " + ROOT);
        }
        return ROOT.resolve(path);
    }
}
