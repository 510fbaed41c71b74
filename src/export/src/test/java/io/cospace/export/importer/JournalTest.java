package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir private Path folder;

    @Test
    void remembers_finished_steps_of_the_same_import_only() {
        Path file = folder.resolve("journal");
        try (Journal journal = Journal.open(file, "one")) {
            assertThat(journal.isFresh()).isTrue();
            journal.done("image weights");
        }
        try (Journal journal = Journal.open(file, "one")) {
            assertThat(journal.isFresh()).isFalse();
            assertThat(journal.isDone("image weights")).isTrue();
            assertThat(journal.isDone("text weights")).isFalse();
        }
        try (Journal journal = Journal.open(file, "two")) {
            assertThat(journal.isFresh()).isTrue();
        }
        try (Journal journal = Journal.open(file, "one")) {
            assertThat(journal.isFresh()).isTrue();
            journal.remove();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void is_held_by_one_import_at_a_time() {
        Path file = folder.resolve("journal");
        try (Journal journal = Journal.open(file, "one")) {
            assertThat(journal.isFresh()).isTrue();
            assertThatThrownBy(() -> Journal.open(file, "one").close())
                    .isInstanceOf(ImportException.class)
                    .hasMessageContaining("another import into this version is running");
        }
    }
}
