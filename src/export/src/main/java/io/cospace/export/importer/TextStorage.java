package io.cospace.export.importer;

import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.BlockForm;
import io.cospace.export.graph.Packing;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the reference file of a text tower holds its matrices: as they came, or in few bits for
 * machines that are too small for them.
 *
 * @param tables form of word tables; empty: as they came
 * @param layers form of linear layers; empty: as they came
 */
record TextStorage(Optional<BlockForm> tables, Optional<BlockForm> layers) {
    /** Everything as it came. */
    static final TextStorage ORIGINAL = new TextStorage(Optional.empty(), Optional.empty());

    private static final Pattern TABLE =
            Pattern.compile("(?:.*\\.)?(?:word_embeddings|embed_tokens)\\.weight");

    /** Whether a tensor is a table that is looked up, never multiplied with. */
    static boolean isTable(String name) {
        return TABLE.matcher(name).matches();
    }

    /** Whether any matrix is stored otherwise than it came. */
    boolean isPacked() {
        return tables.isPresent() || layers.isPresent();
    }

    /** The form of a tensor; empty: as it came. */
    Optional<BlockForm> of(String name, TensorInfo info) {
        Optional<BlockForm> form = isTable(name) ? tables : layers;
        return form.filter(ignored -> Packing.fits(name, info));
    }

    /** For people: "tables 4 bits, layers 8 bits". */
    @Override
    public String toString() {
        return "tables %s, layers %s".formatted(text(tables), text(layers));
    }

    private static String text(Optional<BlockForm> form) {
        return form.map(f -> f.bits() + " bits").orElse("as they came");
    }
}
