package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON configuration files, as model folders hold them. */
final class JsonFile {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final long MAX_BYTES = 64 << 20;

    private JsonFile() {}

    /** The content of a file, or a missing node if there is no such file. */
    static JsonNode optional(Path file) {
        return Files.isRegularFile(file) ? read(file) : MissingNode.getInstance();
    }

    /**
     * The content of a file.
     *
     * @throws ImportException if it is missing, too large or no JSON
     */
    static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ImportException(file, "is larger than " + MAX_BYTES + " bytes");
            }
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ImportException(file, "is not readable JSON: " + e.getMessage(), e);
        }
    }
}
