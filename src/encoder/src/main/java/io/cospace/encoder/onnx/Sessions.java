package io.cospace.encoder.onnx;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/** The sessions of one graph, by width; one for both where that makes no difference. */
final class Sessions implements AutoCloseable {

    private final OnnxModel narrow;
    private final OnnxModel wide;

    private Sessions(OnnxModel narrow, OnnxModel wide) {
        this.narrow = narrow;
        this.wide = wide;
    }

    /** Loads {@code file} for both widths; otherwise as {@link OnnxModel#open}. */
    static Sessions open(
            Path file, Function<Set<String>, ModelSignature> signature, SessionSettings settings) {
        OnnxModel narrow = OnnxModel.open(file, signature, settings, Width.NARROW);
        if (settings.isOneSession()) {
            return new Sessions(narrow, narrow);
        }
        try {
            return new Sessions(narrow, OnnxModel.open(file, signature, settings, Width.WIDE));
        } catch (RuntimeException e) {
            narrow.close();
            throw e;
        }
    }

    OnnxModel of(Width width) {
        return switch (width) {
            case NARROW -> narrow;
            case WIDE -> wide;
        };
    }

    @Override
    public void close() {
        if (wide != narrow) {
            wide.close();
        }
        narrow.close();
    }
}
