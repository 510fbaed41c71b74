package io.cospace.encoder.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A text that is longer than the model reads, as overlapping windows of its tokens. All windows
 * have the same length; each starts a stride of about 90 % of it behind the one before, and the
 * last one is moved back to end with the text.
 *
 * <p>A vector for the whole is the mean of the windows' pooled rows, each weighted by {@link
 * Window#newTokens()}. So a text that is one token longer moves its vector by about one token's
 * share, where a plain mean of windows would give a whole window to that one token.
 */
public final class Windows {

    /** Share of a window that the next one repeats. */
    static final double OVERLAP = 0.1;

    private Windows() {}

    /**
     * One window.
     *
     * @param tokens head, a part of the content, and tail
     * @param newTokens how many content tokens no earlier window has, at least 1
     */
    public record Window(TokenizedText tokens, int newTokens) {}

    /**
     * Cuts {@code text} into windows of at most {@code maxTokens} tokens; one window when it fits.
     *
     * @throws IllegalArgumentException when head and tail leave no room for content
     */
    public static List<Window> of(TokenizedText text, int maxTokens) {
        if (text.length() <= maxTokens) {
            return List.of(new Window(text, text.contentTokens()));
        }
        int room = room(text, maxTokens);
        int stride = Math.max(1, room - (int) Math.round(room * OVERLAP));
        List<Window> windows = new ArrayList<>();
        int covered = text.contentFrom();
        for (int from = text.contentFrom(); covered < text.contentTo(); from += stride) {
            int to = Math.min(from + room, text.contentTo());
            windows.add(new Window(text.slice(to - room, to), to - covered));
            covered = to;
        }
        return List.copyOf(windows);
    }

    /** How many windows {@link #of} makes, without making them. */
    public static int count(TokenizedText text, int maxTokens) {
        if (text.length() <= maxTokens) {
            return 1;
        }
        int room = room(text, maxTokens);
        int stride = Math.max(1, room - (int) Math.round(room * OVERLAP));
        return 1 + Math.ceilDiv(text.contentTokens() - room, stride);
    }

    /**
     * The mean of pooled rows [d] of {@code windows}, in their order, each weighted by its new
     * tokens.
     *
     * @throws IllegalArgumentException when there are not as many rows as windows
     */
    public static float[] mean(List<Window> windows, List<float[]> pooled) {
        if (windows.size() != pooled.size()) {
            throw new IllegalArgumentException(
                    windows.size() + " windows, " + pooled.size() + " rows");
        }
        double[] sum = new double[pooled.getFirst().length];
        long weight = 0;
        for (int w = 0; w < windows.size(); w++) {
            int tokens = windows.get(w).newTokens();
            weight += tokens;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) tokens * pooled.get(w)[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) (sum[i] / weight);
        }
        return mean;
    }

    /** Content tokens that fit beside head and tail. */
    static int room(TokenizedText text, int maxTokens) {
        int room = maxTokens - text.frameTokens();
        if (room < 1) {
            throw new IllegalArgumentException(
                    "prompt and special tokens are %d of at most %d tokens"
                            .formatted(text.frameTokens(), maxTokens));
        }
        return room;
    }
}
