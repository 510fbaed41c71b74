package io.cospace.export.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.Digest;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.graph.Part;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.nio.file.Path;

/** Provenance of an imported bundle: {@code run.json}. Holds no path, clock or host. */
final class RunJson {
    private RunJson() {}

    static ObjectNode of(ImportPlan plan, ImportOptions options) {
        ObjectNode root = JsonFile.MAPPER.createObjectNode().put("recipe", "import");
        ImportParts parts = plan.parts();
        ObjectNode sources = root.putObject("parts");
        part(sources.putObject("image"), parts.image());
        part(sources.putObject("text"), parts.text());
        parts.adapter().ifPresent(adapter -> part(sources.putObject("adapter"), adapter));
        ObjectNode ignored = root.putObject("left_out");
        parts.ignored().forEach(ignored::put);
        root.put("adapter_input", plan.rawAdapterInput() ? "raw" : "unit");
        if (options.textStorage().isPacked()) {
            root.put("text_weights", options.textStorage().toString());
        }
        options.activation().ifPresent(name -> root.put("activation", name));
        return root;
    }

    private static void part(ObjectNode node, Placed<? extends Part> placed) {
        node.put("description", placed.part().description());
        node.put("tensors", placed.part().used().size());
        ObjectNode files = node.putObject("files");
        for (Path file : Checkpoint.files(placed.source().path())) {
            files.put(String.valueOf(file.getFileName()), digest(file));
        }
    }

    /** SHA-256 of a source file. */
    static String digest(Path file) {
        try {
            return Digest.ofFile(file);
        } catch (IOException e) {
            throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
