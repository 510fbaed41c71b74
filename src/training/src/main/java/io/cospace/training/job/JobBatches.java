package io.cospace.training.job;

import io.cospace.training.align.Batch;
import io.cospace.training.align.Side;
import io.cospace.training.data.Draws;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The rows of each step, functions of seed and step alone. */
final class JobBatches {
    private final JobData data;
    private final RecipeSettings settings;
    private final double[] sums;
    private final long[] captions;

    JobBatches(JobData data, RecipeSettings settings) {
        this.data = data;
        this.settings = settings;
        this.sums = new double[data.rows().size()];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += data.rows().get(i).weight();
            sums[i] = sum;
        }
        Map<String, Long> numbers = new HashMap<>();
        this.captions =
                data.train().stream()
                        .mapToLong(sample ->
                                numbers.computeIfAbsent(
                                        sample.captions().getFirst().text(),
                                        text -> (long) numbers.size()))
                        .toArray();
    }

    /** Rows of stage 1 with the teacher's places, drawn in proportion to their weights. */
    Batch rows(Batch batch, Side side, int count, long step) {
        SplittableRandom random =
                Draws.of(settings.seed(), Draws.Purpose.ROWS, step, side == Side.TEXT ? 0 : 1);
        float[][] texts = new float[count][];
        float[][] places = new float[count][];
        for (int i = 0; i < count; i++) {
            int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
            int row = Math.min(found < 0 ? -found - 1 : found, sums.length - 1);
            texts[i] = data.text().vector(data.rows().get(row).text());
            places[i] = data.targets()[row];
        }
        return batch.input(side, matrix(texts)).target(side, matrix(places));
    }

    /** Pairs of stage 2, with replayed rows where the settings want some. */
    Batch pairs(Schedule schedule, long step) {
        int[] chosen;
        long epoch;
        synchronized (schedule) {
            chosen = schedule.samples(step);
            epoch = schedule.epoch(step);
        }
        ImageSide.Rows images = data.images().training(chosen, epoch, settings.seed());
        float[][] texts = new float[chosen.length][];
        long[] numbers = new long[chosen.length];
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            int shown = images.samples()[i];
            Sample sample = data.train().get(shown);
            SplittableRandom random = Draws.of(settings.seed(), Draws.Purpose.TEXT, epoch, shown);
            texts[i] = data.text().vector(data.texts().draw(sample, random));
            numbers[i] = captions[shown];
            keys.add(sample.key());
        }
        Batch batch =
                new Batch(keys)
                        .input(Side.IMAGE, images.values())
                        .input(Side.TEXT, matrix(texts))
                        .captions(numbers);
        return replays(settings)
                ? rows(batch, Side.REPLAY, settings.align().replayRows(), step)
                : batch;
    }

    /** Only an adapter that inherited has something to replay. */
    static boolean replays(RecipeSettings settings) {
        boolean inherits =
                switch (settings.recipe()) {
                    case TWO_PATH, PROCLIP -> true;
                    case LLM2CLIP, LIFT, CLIP -> false;
                };
        return inherits && settings.align().replay() > 0;
    }

    static Batch.Floats matrix(float[][] rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * rows[i].length, rows[i].length);
        }
        return new Batch.Floats(values, rows.length, rows[0].length);
    }
}
