package io.cospace.export.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.export.Digest;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Provenance of an imported bundle: {@code run.json}. Holds no path, clock or host. */
final class RunJson {
    private RunJson() {}

    static byte[] of(ImportPlan plan, ImportOptions options, Measurements measured) {
        ObjectNode root = JsonFile.MAPPER.createObjectNode().put("recipe", "import");
        ImportParts parts = plan.parts();
        ObjectNode sources = root.putObject("parts");
        part(sources.putObject("image"), parts.image());
        part(sources.putObject("text"), parts.text());
        parts.adapter().ifPresent(adapter -> part(sources.putObject("adapter"), adapter));
        ObjectNode ignored = root.putObject("left_out");
        parts.ignored().forEach(ignored::put);
        root.put("adapter_input", plan.rawAdapterInput() ? "raw" : "unit");
        options.activation().ifPresent(name -> root.put("activation", name));
        ObjectNode agreement = root.putObject("cosine_to_" + measured.reference().id());
        root.put("sample_texts", measured.texts().size());
        root.put("sample_images", measured.images().size());
        cosines(agreement.putObject("image"), measured.imageAgreement());
        cosines(agreement.putObject("text"), measured.textAgreement());
        try {
            return JsonFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("This is a bug: a tree of plain values", e);
        }
    }

    private static void part(ObjectNode node, Placed<? extends Part> placed) {
        node.put("description", placed.part().description());
        node.put("tensors", placed.part().used().size());
        ObjectNode files = node.putObject("files");
        for (Path file : Checkpoint.files(placed.source().path())) {
            try {
                files.put(String.valueOf(file.getFileName()), Digest.ofFile(file));
            } catch (IOException e) {
                throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private static void cosines(ObjectNode node, Map<Precision, Cosine> agreement) {
        agreement.forEach((precision, cosine) ->
                node.putObject(precision.id()).put("min", cosine.min()).put("mean", cosine.mean()));
    }
}
