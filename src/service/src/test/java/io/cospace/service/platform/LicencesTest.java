package io.cospace.service.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the build brings in may be used and passed on as Cospace is. */
class LicencesTest {

    private static final Path SBOM = Manifests.ROOT.resolve("target/sbom.json");
    private static final Path REPORT = Manifests.ROOT.resolve("target/licences.txt");

    /** Of several licences of a library one of these is enough: its authors leave the choice. */
    private static final Set<String> ALLOWED =
            Set.of(
                    "Apache-2.0",
                    "MIT",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "CC0-1.0",
                    // Weak: it binds the library, which is passed on as it is, not what calls it.
                    "EPL-2.0");

    /** Libraries that carry a binary under another licence than their own; NOTICE explains each. */
    private static final Map<String, String> CARRIED =
            Map.of("org.bytedeco:mkl", "Intel Simplified Software License");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void every_library_is_under_a_licence_that_is_allowed() throws IOException {
        assumeTrue(Files.exists(SBOM), "skipped: ./mvnw -Psbom writes target/sbom.json first");
        SortedMap<String, List<String>> found = new TreeMap<>();
        for (JsonNode component : JSON.readTree(SBOM.toFile()).path("components")) {
            if (!component.path("group").asText().equals("io.cospace")) {
                found.put(
                        component.path("group").asText()
                                + ":"
                                + component.path("name").asText()
                                + ":"
                                + component.path("version").asText(),
                        licences(component));
            }
        }
        Files.writeString(REPORT, report(found));
        assertThat(found).hasSizeGreaterThan(100);
        assertThat(found)
                .allSatisfy((library, licences) ->
                        assertThat(licences).as(library).anyMatch(ALLOWED::contains));
    }

    private static List<String> licences(JsonNode component) {
        List<String> licences = new ArrayList<>();
        for (JsonNode choice : component.path("licenses")) {
            JsonNode licence = choice.path("license");
            licences.add(
                    choice.has("expression")
                            ? choice.path("expression").asText()
                            : licence.path(licence.has("id") ? "id" : "name").asText());
        }
        return licences;
    }

    private static String report(Map<String, List<String>> found) {
        StringBuilder text = new StringBuilder();
        found.forEach((library, licences) -> {
            text.append(library).append("  ").append(String.join(" or ", licences));
            CARRIED.forEach((carrier, licence) -> {
                if (library.startsWith(carrier + ":")) {
                    text.append("; the binary in it: ").append(licence);
                }
            });
            text.append('\n');
        });
        return text.toString();
    }

    @Test
    void what_libraries_carry_is_explained() throws IOException {
        String notice = Files.readString(Manifests.ROOT.resolve("NOTICE")).replaceAll("\\s+", " ");
        assertThat(notice).contains(CARRIED.values());
    }
}
