package io.cospace.service.embedding;

import io.cospace.encoder.text.Chunks;
import io.cospace.encoder.text.Windows;
import java.util.List;

/** A text that is ready for its tower, in as many rows as it takes. */
sealed interface PreparedText {

    /** What the tower reads, at least one row. */
    List<TextRow> rows();

    /** What became of the text. */
    TextUse use();

    /** One row, whose result is the text's vector. */
    record Whole(TextRow row, TextUse use) implements PreparedText {
        @Override
        public List<TextRow> rows() {
            return List.of(row);
        }
    }

    /** Overlapping windows, whose pooled rows are averaged. */
    record Pooled(List<Windows.Window> windows, TextUse use) implements PreparedText {
        @Override
        public List<TextRow> rows() {
            return windows.stream().map(window -> new TextRow(window.tokens(), true)).toList();
        }
    }

    /** Parts that are answered each for itself. */
    record Chunked(List<Chunks.Chunk> chunks, TextUse use) implements PreparedText {
        @Override
        public List<TextRow> rows() {
            return chunks.stream().map(chunk -> new TextRow(chunk.tokens(), false)).toList();
        }
    }
}
