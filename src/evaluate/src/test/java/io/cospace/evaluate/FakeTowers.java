package io.cospace.evaluate;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Towers without a model: a text is the unit vector of its first digit, an image the one of its
 * first byte; tokens are characters, at most 20.
 */
final class FakeTowers {
    static final int DIMENSIONS = 10;

    private FakeTowers() {}

    static float[] unit(int at) {
        float[] vector = new float[DIMENSIONS];
        vector[at] = 1;
        return vector;
    }

    /** Texts that hold "bad" are malformed. */
    static class Texts implements TextEncoder {
        /** Padded sizes of the batches that were run. */
        final Queue<Integer> padded = new ConcurrentLinkedQueue<>();

        @Override
        public int maxTokens() {
            return 20;
        }

        @Override
        public TokenizedText tokenize(String text, Task task) {
            if (text.contains("bad")) {
                throw new TextException.Malformed("the text is bad");
            }
            int n = text.length();
            int[] places = new int[n];
            Arrays.setAll(places, i -> i);
            return new TokenizedText(text.chars().toArray(), places, places, 0, n);
        }

        @Override
        public List<String> pieces(String text, Task task) {
            return text.chars().mapToObj(Character::toString).toList();
        }

        @Override
        public TokenizedText truncate(TokenizedText text, Side keep) {
            return text.length() <= maxTokens() ? text : text.slice(0, maxTokens());
        }

        @Override
        public List<float[]> embed(List<TokenizedText> batch, Width width) {
            int longest = batch.stream().mapToInt(TokenizedText::length).max().orElse(0);
            padded.add(longest * batch.size());
            return batch.stream().map(Texts::vector).toList();
        }

        private static float[] vector(TokenizedText text) {
            int digit =
                    Arrays.stream(text.ids()).filter(Character::isDigit).findFirst().orElse('0');
            return unit(digit - '0');
        }

        @Override
        public List<float[]> pool(List<TokenizedText> batch, Width width) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[] adapt(float[] pooled) {
            throw new UnsupportedOperationException();
        }
    }

    /** Images that start with 99 are unreadable. */
    static final class Images implements ImageEncoder {
        @Override
        public Pixels prepare(byte[] image, CompletableFuture<?> unwanted) {
            if (image[0] == 99) {
                throw new ImageException.Unreadable("the image is broken");
            }
            return new Pixels(1, 1, FloatBuffer.wrap(new float[] {image[0], 0, 0}));
        }

        @Override
        public List<float[]> embed(List<Pixels> batch, Width width) {
            return batch.stream()
                    .map(pixels -> unit((int) pixels.values().get(0) % DIMENSIONS))
                    .toList();
        }
    }
}
