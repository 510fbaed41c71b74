package io.cospace.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLocationTest {

    @TempDir private Path models;

    @Test
    void takes_the_folder_that_is_named_unseen() {
        Path named = models.resolve("x");
        assertThat(ModelLocation.find(Optional.of(named), models)).isEqualTo(named);
    }

    @Test
    void takes_the_highest_version_by_number() throws IOException {
        bundle("m/9");
        bundle("m/10");
        bundle("m/beta");
        assertThat(ModelLocation.find(Optional.empty(), models)).isEqualTo(models.resolve("m/10"));
    }

    @Test
    void looks_at_folders_with_a_manifest_only() throws IOException {
        bundle("m/1");
        Files.createDirectories(models.resolve("m/2"));
        Files.createDirectories(models.resolve("pairs"));
        bundle("m/1/deeper");
        assertThat(ModelLocation.find(Optional.empty(), models)).isEqualTo(models.resolve("m/1"));
    }

    @Test
    void follows_the_links_of_a_mounted_volume() throws IOException {
        bundle("..2026_11_28/1");
        Files.createSymbolicLink(models.resolve("..data"), Path.of("..2026_11_28"));
        Files.createSymbolicLink(models.resolve("m"), Path.of("..data"));
        assertThat(ModelLocation.find(Optional.empty(), models)).isEqualTo(models.resolve("m/1"));
    }

    @Test
    void asks_for_a_name_where_there_are_several_models() throws IOException {
        bundle("a/1");
        bundle("b/1");
        assertThatThrownBy(() -> ModelLocation.find(Optional.empty(), models))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[a, b]")
                .hasMessageContaining("cospace.model");
    }

    @Test
    void says_what_is_missing_where_there_is_no_model() {
        for (Path folder : new Path[] {models, models.resolve("none")}) {
            assertThatThrownBy(() -> ModelLocation.find(Optional.empty(), folder))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("cospace.model");
        }
    }

    private void bundle(String name) throws IOException {
        Path folder = Files.createDirectories(models.resolve(name));
        Files.writeString(folder.resolve("manifest.json"), "{}");
    }
}
