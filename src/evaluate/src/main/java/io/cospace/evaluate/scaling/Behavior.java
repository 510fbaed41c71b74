package io.cospace.evaluate.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The {@code behavior} of a HorizontalPodAutoscaler: windows in which it waits for more evidence,
 * and how fast it may go. As {@code horizontal.go} of Kubernetes 1.33.
 */
final class Behavior {
    private final Rules rules;
    private final List<Event> recommendations = new ArrayList<>();
    private final List<Event> changes = new ArrayList<>();

    /**
     * What the manifest says.
     *
     * @param upPercent growth allowed in {@code upPeriod} seconds
     * @param upPods pods allowed in the same time; the larger of the two counts
     * @param upWindow seconds over which the smallest wish to grow counts
     * @param downPercent shrinking allowed in {@code downPeriod} seconds
     * @param downWindow seconds over which the smallest wish to shrink counts
     */
    record Rules(
            int upPercent,
            int upPods,
            double upPeriod,
            double upWindow,
            int downPercent,
            double downPeriod,
            double downWindow) {}

    /** Pods wished for, or added (taken away: negative), at a time. */
    private record Event(double at, int pods) {}

    Behavior(Rules rules) {
        this.rules = rules;
    }

    /** What becomes of a wish; the caller does what is answered. */
    int apply(double now, int current, int wished, int least, int most) {
        int allowed = limit(now, current, stabilise(now, current, wished), least, most);
        if (allowed != current) {
            changes.add(new Event(now, allowed - current));
        }
        return allowed;
    }

    private int stabilise(double now, int current, int wished) {
        int up = smallest(now - rules.upWindow()).orElse(wished);
        int down = largest(now - rules.downWindow()).orElse(wished);
        up = Math.min(up, wished);
        down = Math.max(down, wished);
        recommendations.removeIf(
                event -> event.at() <= now - Math.max(rules.upWindow(), rules.downWindow()));
        recommendations.add(new Event(now, wished));
        return Math.min(Math.max(current, up), down);
    }

    private OptionalInt smallest(double after) {
        return recommendations.stream()
                .filter(event -> event.at() > after)
                .mapToInt(Event::pods)
                .min();
    }

    private OptionalInt largest(double after) {
        return recommendations.stream()
                .filter(event -> event.at() > after)
                .mapToInt(Event::pods)
                .max();
    }

    private int limit(double now, int current, int wished, int least, int most) {
        if (wished > current) {
            int start = current - changed(now - rules.upPeriod());
            int percent = (int) Math.ceil(start * (1 + rules.upPercent() / 100.0));
            int fastest = Math.max(current, Math.max(percent, start + rules.upPods()));
            return Math.min(wished, Math.min(most, fastest));
        }
        int start = current - changed(now - rules.downPeriod());
        int fastest = Math.min(current, (int) (start * (1 - rules.downPercent() / 100.0)));
        return Math.max(wished, Math.max(least, fastest));
    }

    /** Pods that were added since then, less those taken away. */
    private int changed(double since) {
        return changes.stream().filter(event -> event.at() > since).mapToInt(Event::pods).sum();
    }
}
