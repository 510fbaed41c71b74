package io.cospace.encoder.onnx;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.onnx.ModelSignature.Port;
import io.cospace.encoder.text.TokenizedText;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How texts lie in the tensors of a batch: the one place that knows. Every element of a tensor is
 * written.
 */
final class TextBatch {

    private static final String IDS = "input_ids";
    private static final String LENGTHS = "lengths";
    private static final String MASK = "attention_mask";

    private TextBatch() {}

    /**
     * The inputs that a graph of {@code layout} must have. One of {@link TextInputs#PADDED} tells
     * text from padding by a mask or by lengths, or, when each token looks back only, not at all.
     *
     * @param found the names of the inputs that it has
     */
    static List<Port> ports(TextInputs layout, Set<String> found) {
        long open = ModelSignature.OPEN;
        return switch (layout) {
            case PACKED -> List.of(Port.longs(IDS, open), Port.longs(LENGTHS, open));
            case PADDED -> {
                Port ids = Port.longs(IDS, open, open);
                if (found.contains(MASK)) {
                    yield List.of(ids, Port.longs(MASK, open, open));
                }
                yield found.equals(Set.of(IDS))
                        ? List.of(ids)
                        : List.of(ids, Port.longs(LENGTHS, open));
            }
        };
    }

    /**
     * The tensors of {@code batch}, which is not empty, in buffers of {@code workspace}.
     *
     * @param wanted the names of the graph's inputs
     */
    static List<Feed> feeds(
            TextInputs layout, Set<String> wanted, List<TokenizedText> batch, Workspace workspace) {
        List<Feed> feeds = new ArrayList<>();
        feeds.add(
                switch (layout) {
                    case PADDED -> paddedIds(batch, workspace);
                    case PACKED -> packedIds(batch, workspace);
                });
        if (wanted.contains(LENGTHS)) {
            feeds.add(lengths(batch, workspace));
        }
        if (wanted.contains(MASK)) {
            feeds.add(mask(batch, workspace));
        }
        return feeds;
    }

    /** [n, s]: a text a row, zeros to its right. */
    private static Feed paddedIds(List<TokenizedText> batch, Workspace workspace) {
        int columns = longest(batch);
        LongBuffer ids = workspace.longs(IDS, Math.multiplyExact(batch.size(), columns));
        for (TokenizedText text : batch) {
            text.copyTo(ids);
            fill(ids, 0, columns - text.length());
        }
        return Feed.of(IDS, ids.flip(), batch.size(), columns);
    }

    /** [t]: all texts one behind the other. */
    private static Feed packedIds(List<TokenizedText> batch, Workspace workspace) {
        int tokens = batch.stream().mapToInt(TokenizedText::length).reduce(0, Math::addExact);
        LongBuffer ids = workspace.longs(IDS, tokens);
        batch.forEach(text -> text.copyTo(ids));
        return Feed.of(IDS, ids.flip(), tokens);
    }

    /** [n]: tokens of each text. */
    private static Feed lengths(List<TokenizedText> batch, Workspace workspace) {
        LongBuffer lengths = workspace.longs(LENGTHS, batch.size());
        batch.forEach(text -> lengths.put(text.length()));
        return Feed.of(LENGTHS, lengths.flip(), batch.size());
    }

    /** [n, s]: 1 on text, 0 on padding. */
    private static Feed mask(List<TokenizedText> batch, Workspace workspace) {
        int columns = longest(batch);
        LongBuffer mask = workspace.longs(MASK, Math.multiplyExact(batch.size(), columns));
        for (TokenizedText text : batch) {
            fill(mask, 1, text.length());
            fill(mask, 0, columns - text.length());
        }
        return Feed.of(MASK, mask.flip(), batch.size(), columns);
    }

    private static int longest(List<TokenizedText> batch) {
        return batch.stream().mapToInt(TokenizedText::length).max().orElseThrow();
    }

    private static void fill(LongBuffer target, long value, int count) {
        for (int i = 0; i < count; i++) {
            target.put(value);
        }
    }
}
