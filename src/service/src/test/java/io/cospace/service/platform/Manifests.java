package io.cospace.service.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code k8s/}, as tests read them. */
final class Manifests {

    static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    static final Path FOLDER = ROOT.resolve("k8s");
    static final Path MONITORING = FOLDER.resolve("components/monitoring");

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Pattern METRIC =
            Pattern.compile("\\b(cospace_[a-z_]+|jvm_[a-z_]+|process_[a-z_]+|system_[a-z_]+)\\b");

    private Manifests() {}

    /** All documents of a file below {@code k8s}. */
    static List<JsonNode> read(String file) throws IOException {
        return read(FOLDER.resolve(file));
    }

    static List<JsonNode> read(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    static List<Path> yamlFiles() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    /** The one container of the Deployment. */
    static JsonNode pod() throws IOException {
        return read("base/deployment.yaml").getFirst().at("/spec/template/spec");
    }

    /** Names of the service's own metrics that a text names; of what others export, none. */
    static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        // The name that the adapter gives to a recorded rule, and the recorded rules themselves.
        names.remove("cospace_refused_by_load");
        return names;
    }
}
