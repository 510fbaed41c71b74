package io.cospace.evaluate.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A day of a search service that also indexes: people come and go by the hour, jobs begin and end
 * at once, something becomes popular for a minute. Not recorded anywhere; made to hold every shape
 * that an autoscaler has to follow.
 */
public final class Day implements Traffic {
    /** Seconds of a day. */
    public static final int SECONDS = 86_400;

    private static final int HOUR = 3_600;

    private final List<Change> changes = new ArrayList<>();

    /** From {@code from} to {@code to}: people times {@code factor}, and so many more a second. */
    private record Change(int from, int to, double factor, ItemClass kind, double more) {}

    /** A day with its chance bursts at other times for each seed. */
    public Day(long seed) {
        add(9 * HOUR, 11 * HOUR, ItemClass.IMAGE, 150);
        add(20 * HOUR, 20 * HOUR + 2_700, ItemClass.MIXED_TEXT, 300);
        add(3 * HOUR, 3 * HOUR + 300, ItemClass.SHORT_TEXT, 1_200);
        spike(12 * HOUR, 120, 3);
        spike(18 * HOUR + 1_800, 60, 4);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 12; i++) {
            spike(random.nextInt(SECONDS), random.nextInt(20, 61), 2);
        }
    }

    private void add(int from, int to, ItemClass kind, double more) {
        changes.add(new Change(from, to, 1, kind, more));
    }

    private void spike(int from, int seconds, double factor) {
        changes.add(new Change(from, from + seconds, factor, ItemClass.SHORT_TEXT, 0));
    }

    @Override
    public double rate(ItemClass kind, int second) {
        double people = level(second);
        double more = 0;
        for (Change change : changes) {
            if (second >= change.from() && second < change.to()) {
                people *= change.factor();
                more += change.kind() == kind ? change.more() : 0;
            }
        }
        return peak(kind) * people + more;
    }

    /** Of people, calls a second in the afternoon; together work for four pods that do no more. */
    private static double peak(ItemClass kind) {
        return switch (kind) {
            case SHORT_TEXT -> 600;
            case MIXED_TEXT -> 250;
            case IMAGE -> 120;
        };
    }

    /** 0.12 at four in the morning, 1 at four in the afternoon. */
    private static double level(int second) {
        double wave = (1 - Math.cos(2 * Math.PI * (second / (double) HOUR - 4) / 24)) / 2;
        return 0.12 + 0.88 * Math.pow(wave, 1.3);
    }
}
