package io.cospace.export.checkpoint;

import java.nio.file.Path;

/** Where the golden files lie. */
final class Fixtures {
    private Fixtures() {}

    static Path golden(String name) {
        return Path.of(System.getProperty("cospace.root"), "src/export/src/test/resources/golden")
                .resolve(name);
    }
}
