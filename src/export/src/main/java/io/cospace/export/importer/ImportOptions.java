package io.cospace.export.importer;

import io.cospace.export.graph.Precision;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the user may say where the files are silent or wrong; all of it is optional.
 *
 * @param imagePrecisions of the image tower that are written, at least one
 * @param textPrecisions of the text tower, at least one
 * @param textStorage how the text tower's matrices are stored
 * @param force whether a precision far from fp32 is accepted
 * @param imageSize side in pixels of the images that are read, where it is not the tower's own
 * @param rawAdapterInput whether the adapter takes rows as they are, without bringing them to unit
 *     length
 * @param activation of a bare checkpoint's feed-forward layers: quick_gelu, gelu, gelu_pytorch_tanh
 * @param tokenizer file to use instead of the embedder's
 * @param queryPrompt before queries
 * @param documentPrompt before documents
 * @param maxTokens most tokens of a text, at least 4
 * @param license SPDX expression
 * @param logitScale factor on the cosine, above 0
 * @param logitBias added after it; makes the score a sigmoid
 * @param memoryBytes that measuring may use; what is free on the machine if empty
 */
record ImportOptions(
        Set<Precision> imagePrecisions,
        Set<Precision> textPrecisions,
        TextStorage textStorage,
        boolean force,
        OptionalInt imageSize,
        Optional<Boolean> rawAdapterInput,
        Optional<String> activation,
        Optional<Path> tokenizer,
        Optional<String> queryPrompt,
        Optional<String> documentPrompt,
        OptionalInt maxTokens,
        Optional<String> license,
        OptionalDouble logitScale,
        OptionalDouble logitBias,
        OptionalLong memoryBytes) {
    ImportOptions {
        if (imagePrecisions.isEmpty() || textPrecisions.isEmpty()) {
            throw new IllegalArgumentException("no precision; name at least one");
        }
        imagePrecisions = Collections.unmodifiableSet(new TreeSet<>(imagePrecisions));
        textPrecisions = Collections.unmodifiableSet(new TreeSet<>(textPrecisions));
    }

    /** Single precision for checking and int8 for processors; everything else as the files say. */
    static ImportOptions defaults() {
        return new ImportOptions(
                Set.of(Precision.FP32, Precision.INT8),
                Set.of(Precision.FP32, Precision.INT8),
                TextStorage.ORIGINAL,
                false,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty());
    }
}
