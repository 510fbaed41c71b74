package io.cospace.training.align;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.export.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Puts files into a bundle that nobody has opened yet, and into its manifest. */
final class FurtherFiles {
    private FurtherFiles() {}

    /** Writes the files; one that is there is replaced. */
    static void add(Path bundle, Map<String, byte[]> files) throws IOException {
        if (files.isEmpty()) {
            return;
        }
        JsonMapper json = JsonMapper.builder().build();
        Path manifest = bundle.resolve(ModelBundle.MANIFEST);
        ObjectNode root = (ObjectNode) json.readTree(manifest.toFile());
        ObjectNode listed = root.withObjectProperty("files");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = bundle.resolve(file.getKey());
            Files.write(path, file.getValue());
            listed.putObject(file.getKey())
                    .put("sha256", Digest.ofFile(path))
                    .put("bytes", Files.size(path));
        }
        Files.write(manifest, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }
}
