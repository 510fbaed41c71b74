package io.cospace.training.recipe;

import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.TeacherIngredients;
import io.cospace.training.align.Batch;
import io.cospace.training.align.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws training pairs, each once an epoch: the picture as it is or its changed copy, the caption
 * or one of its alternatives, by seed and step alone.
 */
final class PairSampler {
    private final List<Pair> pairs;
    private final List<List<String>> alternatives = new ArrayList<>();
    private final long[] captions;
    private final long seed;

    /** All texts that a pair may be shown with: the caption first. */
    PairSampler(List<Pair> pairs, Map<String, Emoji> emoji, long seed) {
        this.pairs = pairs;
        this.seed = seed;
        captions = new long[pairs.size()];
        Map<String, Long> numbers = new HashMap<>();
        for (int i = 0; i < captions.length; i++) {
            Pair pair = pairs.get(i);
            alternatives.add(texts(pair, emoji));
            String caption = TeacherIngredients.caption(pair);
            captions[i] = numbers.computeIfAbsent(caption, text -> (long) numbers.size());
        }
    }

    private static List<String> texts(Pair pair, Map<String, Emoji> emoji) {
        List<String> texts = new ArrayList<>();
        texts.add(TeacherIngredients.caption(pair));
        Emoji entry = pair.text("emoji").map(emoji::get).orElse(null);
        if (entry == null) {
            texts.addAll(TextRows.withKeywords(pair));
            pair.text("description").ifPresent(texts::add);
        } else {
            for (String language : TextRows.LANGUAGES) {
                String name = entry.names().get(language);
                if (name != null) {
                    texts.add(name);
                }
            }
            List<String> keywords = pair.texts("keywords");
            if (!keywords.isEmpty()) {
                texts.add(String.join(", ", keywords));
            }
        }
        texts.removeIf(String::isBlank);
        return texts;
    }

    /** Every text that a vector is needed of. */
    List<String> texts() {
        return alternatives.stream().flatMap(List::stream).distinct().toList();
    }

    /**
     * The pairs of a step.
     *
     * @param features of the pictures and of their changed copies, by number
     */
    Batch batch(
            long step, int count, float[][] features, float[][] changed, Map<String, float[]> raw) {
        int each = pairs.size() / count;
        int[] order = order(step / each);
        SplittableRandom random =
                new SplittableRandom(seed * 0xD1342543DE82EF95L ^ step * 0x9E3779B97F4A7C15L);
        float[][] images = new float[count][];
        float[][] texts = new float[count][];
        long[] numbers = new long[count];
        List<String> keys = new ArrayList<>();
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            int pair = order[(int) (step % each) * count + i];
            images[i] = (random.nextBoolean() ? features : changed)[pair];
            texts[i] = RowSampler.given(raw, text(alternatives.get(pair), random));
            numbers[i] = captions[pair];
            keys.add(pairs.get(pair).key());
            all[i] = i;
        }
        return new Batch(keys)
                .input(Side.IMAGE, RowSampler.rows(images, all))
                .input(Side.TEXT, RowSampler.rows(texts, all))
                .captions(numbers);
    }

    /** The caption half of the time. */
    private static String text(List<String> texts, SplittableRandom random) {
        return texts.size() == 1 || random.nextBoolean()
                ? texts.getFirst()
                : texts.get(1 + random.nextInt(texts.size() - 1));
    }

    private int[] order(long epoch) {
        SplittableRandom random = new SplittableRandom(seed + 0x632BE59BD9B4E019L * (epoch + 1));
        int[] order = new int[pairs.size()];
        for (int i = 0; i < order.length; i++) {
            int at = random.nextInt(i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        return order;
    }
}
