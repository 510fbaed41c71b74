package io.cospace.export.importer;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Network;
import io.cospace.export.graph.TextLayout;
import io.cospace.export.graph.Weights;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The networks of an import over reference files.
 *
 * @param plan what is imported
 * @param tokenizer file {@code tokenizer.json}
 */
record Networks(ImportPlan plan, Path tokenizer) {
    /** Input layout of imported text graphs: no padding between texts. */
    static final TextLayout LAYOUT = TextLayout.PACKED;

    /** Whether the bundle has a file of adapter weights. */
    static boolean hasAdapterFile(ImportPlan plan) {
        return plan.parts().adapter().isPresent() || !plan.dense().isEmpty();
    }

    /** The image tower. */
    Network image(Safetensors file) {
        return plan.parts().image().part().network().apply(Weights.of(file));
    }

    /**
     * The text tower with what makes vectors of its rows.
     *
     * @throws ImportException if these are not as long as the image tower's
     */
    Network text(Safetensors file, Head head) {
        int dimensions = plan.parts().image().part().dimensions();
        if (head.dimensions() != dimensions) {
            throw new ImportException(
                    "the image tower gives vectors of %d values, the text tower of %d: name the adapter that was trained between them"
                            .formatted(dimensions, head.dimensions()));
        }
        int skip = plan.skipsPrefix() ? TowerProbe.tokensBeforeText(tokenizer, plan.format()) : 0;
        return plan.parts()
                .text()
                .part()
                .network()
                .of(Weights.of(file), LAYOUT, plan.pooling(), skip, head);
    }

    /**
     * What makes vectors of pooled rows: an adapter, dense layers, or the tower's own projection.
     */
    Head head(Safetensors text, Optional<Safetensors> adapterFile) {
        if (adapterFile.isEmpty()) {
            return plan.parts().text().part().head().apply(Weights.of(text));
        }
        Weights weights = Weights.of(adapterFile.get());
        return plan.parts()
                .adapter()
                .map(placed -> placed.part().head().of(weights, !plan.rawAdapterInput()))
                .orElseGet(() -> DenseLayers.head(plan.dense(), weights));
    }
}
