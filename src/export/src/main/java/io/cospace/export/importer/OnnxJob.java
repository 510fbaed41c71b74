package io.cospace.export.importer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.BundleWriter;
import io.cospace.export.foreign.ForeignGraph;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.Finisher.Graphs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes a bundle of a folder that already holds both towers' graphs. All precisions that the folder
 * has are taken over; none can be made of a finished graph.
 *
 * @param folder with the graphs
 * @param target {@code models/NAME/VERSION}
 * @param options what the user said; its precisions do not count here
 * @param progress where people read along
 */
record OnnxJob(OnnxFolder folder, Path target, ImportOptions options, PrintWriter progress) {

    /**
     * Makes the bundle.
     *
     * @return its folder
     */
    Path run() {
        OnnxPlan plan = OnnxPlan.of(folder, options);
        BundleForm form = plan.form();
        progress.printf(
                "ONNX graphs: image %s, text %s, %d values%n",
                folder.image().keySet(), folder.text().keySet(), form.dimensions());
        progress.printf(
                "score: %s with scale %s and bias %s%s%n",
                form.score(),
                form.logitScale(),
                form.logitBias(),
                options.logitScale().isPresent()
                        ? ""
                        : ", which the files do not hold: if you know it, give --logit-scale");
        progress.flush();
        try (BundleWriter bundle = BundleWriter.create(target)) {
            write(plan, bundle);
            Map<String, Path> licenses = new LinkedHashMap<>();
            licenses.put("both towers", folder.folder());
            new Finisher(form, bundle, options, progress)
                    .finish(
                            Graphs.whole(folder.image().keySet()),
                            Graphs.whole(folder.text().keySet()),
                            licenses,
                            run(plan));
            return target;
        }
    }

    private void write(OnnxPlan plan, BundleWriter bundle) {
        int side = plan.form().preprocessing().crop();
        folder.image()
                .forEach((precision, file) ->
                        ForeignGraph.read(file)
                                .writeImage(
                                        bundle.folder(),
                                        "image." + precision.id(),
                                        weights("image", precision, folder.image()),
                                        side));
        folder.text()
                .forEach((precision, file) ->
                        ForeignGraph.read(file)
                                .writeText(
                                        bundle.folder(),
                                        "text." + precision.id(),
                                        weights("text", precision, folder.text()),
                                        plan.length(),
                                        plan.padding()));
        bundle.write("tokenizer.json", plan.tokenizer());
    }

    /** The first precision's weights are the reference, whose bytes name the vector space. */
    private static String weights(String part, Precision precision, Map<Precision, Path> files) {
        boolean reference = files.keySet().iterator().next() == precision;
        return part + (reference ? "" : "." + precision.id()) + ".safetensors";
    }

    private ObjectNode run(OnnxPlan plan) {
        ObjectNode root = JsonFile.MAPPER.createObjectNode().put("recipe", "import of ONNX graphs");
        ObjectNode files = root.putObject("files");
        for (Path file : folder.files()) {
            files.put(String.valueOf(folder.folder().relativize(file)), RunJson.digest(file));
        }
        root.put("text_length", plan.length());
        return root;
    }
}
