package io.cospace.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The bundle of random weights, with the ranges that integer outputs need. */
final class CalibratedBundle {

    private static final Path TINY =
            Path.of(System.getProperty("cospace.root"))
                    .resolve("src/encoder/src/test/resources/bundles/tiny/1");

    private CalibratedBundle() {}

    /** Its vector space. */
    static String space() {
        try {
            String manifest = Files.readString(TINY.resolve("manifest.json"));
            return new ObjectMapper().readTree(manifest).get("space").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it into a new folder. */
    static Path make() {
        try {
            Path folder =
                    Files.createDirectories(Files.createTempDirectory("calibrated").resolve("1"));
            try (Stream<Path> files = Files.list(TINY)) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
            ObjectMapper json = new ObjectMapper();
            Path manifest = folder.resolve("manifest.json");
            ObjectNode content = (ObjectNode) json.readTree(Files.readString(manifest));
            ObjectNode calibration = content.putObject("calibration");
            for (String tower : List.of("image", "text")) {
                ArrayNode min = calibration.putObject(tower).putArray("min");
                ArrayNode max = calibration.withObject("/" + tower).putArray("max");
                for (int i = 0; i < content.get("dimensions").asInt(); i++) {
                    min.add(-0.5);
                    max.add(0.5);
                }
            }
            Files.writeString(manifest, json.writeValueAsString(content));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
