package io.cospace.training.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The configuration as a tree: the defaults, over them a file, over that {@code key=value} pairs.
 * The defaults hold every key, so a key that they lack is an error, and their values tell its type.
 */
final class ConfigTree {
    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .build();

    private final ObjectNode root;

    private ConfigTree(ObjectNode root) {
        this.root = root;
    }

    /**
     * Merges.
     *
     * @param file the job's YAML
     * @param overrides {@code section.key=value}, the value as YAML
     * @throws JobException naming the key, the value and what is expected
     */
    static ConfigTree of(Path file, List<String> overrides) {
        try (InputStream in =
                Objects.requireNonNull(ConfigTree.class.getResourceAsStream("defaults.yaml"))) {
            ObjectNode root = (ObjectNode) YAML.readTree(in);
            if (!Files.isRegularFile(file)) {
                throw new JobException(file + ": no such file");
            }
            JsonNode given = YAML.readTree(Files.readString(file));
            merge(file.toString(), "", root, given);
            for (String override : overrides) {
                override(root, override);
            }
            return new ConfigTree(root);
        } catch (JsonProcessingException e) {
            throw new JobException(file + ": is no YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new JobException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void override(ObjectNode root, String override) throws IOException {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new JobException("'" + override + "' is not key=value");
        }
        JsonNode value;
        try {
            value = YAML.readTree(override.substring(equals + 1));
        } catch (JsonProcessingException e) {
            throw new JobException("'" + override + "': the value is no YAML", e);
        }
        String[] path = override.substring(0, equals).split("\\.", -1);
        ObjectNode change = YAML.createObjectNode();
        ObjectNode at = change;
        for (int i = 0; i < path.length - 1; i++) {
            at = at.putObject(path[i]);
        }
        JsonNode text = value.isMissingNode() ? YAML.getNodeFactory().textNode("") : value;
        at.set(path[path.length - 1], text);
        merge("command line", "", root, change);
    }

    private static void merge(String where, String prefix, ObjectNode to, JsonNode from) {
        if (!from.isObject()) {
            throw new JobException(
                    "%s: %s is '%s'; it must be a section of keys"
                            .formatted(
                                    where, prefix.isEmpty() ? "the file" : prefix, from.asText()));
        }
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            String key = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
            JsonNode known = to.get(field.getKey());
            if (known == null) {
                throw new JobException(
                        "%s: unknown key %s; known here: %s".formatted(where, key, names(to)));
            }
            if (known instanceof ObjectNode section) {
                merge(where, key, section, field.getValue());
            } else {
                to.set(field.getKey(), checked(where, key, known, field.getValue()));
            }
        }
    }

    private static JsonNode checked(String where, String key, JsonNode known, JsonNode value) {
        boolean fits =
                known.isArray()
                        ? value.isArray() || value.isValueNode()
                        : known.isIntegralNumber()
                                ? value.isIntegralNumber() && value.canConvertToLong()
                                : known.isNumber() ? value.isNumber() : value.isValueNode();
        if (!fits || value.isNull()) {
            String kind =
                    known.isArray()
                            ? "a list"
                            : known.isIntegralNumber()
                                    ? "a whole number"
                                    : known.isNumber() ? "a number" : "a text";
            throw new JobException(
                    "%s: %s is %s; it must be %s".formatted(where, key, value, kind));
        }
        // One text stands for a list of one.
        return known.isArray() && !value.isArray() ? YAML.createArrayNode().add(value) : value;
    }

    private static List<String> names(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private JsonNode at(String key) {
        JsonNode node = root.at("/" + key.replace('.', '/'));
        if (node.isMissingNode()) {
            throw new IllegalStateException("this is a bug: no default of " + key);
        }
        return node;
    }

    String text(String key) {
        return at(key).asText().strip();
    }

    List<String> texts(String key) {
        return StreamSupport.stream(at(key).spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toUnmodifiableList());
    }

    /** One of some words. */
    String word(String key, List<String> words) {
        String word = text(key);
        if (!words.contains(word)) {
            throw new JobException("%s is '%s'; it must be one of %s".formatted(key, word, words));
        }
        return word;
    }

    /** A whole number in a range, ends included. */
    int number(String key, int least, int most) {
        long value = at(key).asLong();
        if (value < least || value > most) {
            throw new JobException(
                    "%s is %d; it must be %d..%d".formatted(key, value, least, most));
        }
        return (int) value;
    }

    long whole(String key) {
        return at(key).asLong();
    }

    /** A number in a range, ends included. */
    double real(String key, double least, double most) {
        return inRange(key, at(key).asDouble(), least, most);
    }

    static double inRange(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new JobException(
                    "%s is %s; it must be %s..%s".formatted(key, value, least, most));
        }
        return value;
    }

    /** A file or folder that must be there, from the folder of the configuration or as it is. */
    Path existing(String key) {
        String text = text(key);
        if (text.isEmpty()) {
            throw new JobException(key + " is empty; it must name a file or folder");
        }
        if (!Files.exists(Path.of(text))) {
            throw new JobException(key + ": " + text + ": no such file or folder");
        }
        return Path.of(text);
    }

    /** Files or folders that must be there; may be none. */
    List<Path> allExisting(String key) {
        List<Path> paths = texts(key).stream().map(Path::of).toList();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new JobException(key + ": " + path + ": no such file or folder");
            }
        }
        return paths;
    }

    /** The whole configuration in effect, as a file that gives the same. */
    String yaml() {
        try {
            return YAML.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("this is a bug: a tree is always YAML", e);
        }
    }
}
