package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelLicenseTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "apache-2.0, Apache-2.0",
        "\"mit\", MIT",
        "llama3.1, LicenseRef-llama3.1",
        "gemma, LicenseRef-gemma",
        "other, NOASSERTION"
    })
    void reads_what_the_model_card_states(String stated, String expected) throws IOException {
        card("---\ntags:\n- clip\nlicense: " + stated + "\n---\nText");
        assertThat(ModelLicense.expression(List.of(folder))).isEqualTo(expected);
    }

    @Test
    void says_nothing_where_no_card_does() throws IOException {
        assertThat(ModelLicense.expression(List.of(folder))).isEqualTo("NOASSERTION");
        card("The words license: mit stand outside of the front matter.");
        assertThat(ModelLicense.expression(List.of(folder))).isEqualTo("NOASSERTION");
    }

    @Test
    void joins_the_licences_of_all_parts_and_carries_their_files() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("LICENSE.txt"), "Permission is hereby granted");
        Files.writeString(other.resolve("README.md"), "---\nlicense: mit\n---\n");
        assertThat(ModelLicense.expression(List.of(folder, other)))
                .isEqualTo("MIT AND NOASSERTION");
        String text =
                new String(
                        ModelLicense.text("MIT", Map.of("text tower", other)),
                        StandardCharsets.UTF_8);
        assertThat(text).contains("text tower: MIT", "LICENSE.txt", "Permission is hereby");
    }

    private void card(String content) throws IOException {
        Files.writeString(folder.resolve("README.md"), content);
    }
}
