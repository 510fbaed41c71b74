package io.cospace.evaluate.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pods of the Deployment. */
final class Cluster {
    private static final Comparator<Pod> YOUNGEST_FIRST =
            Comparator.comparingDouble((Pod pod) -> pod.ready)
                    .thenComparingInt(pod -> pod.number)
                    .reversed();

    private final CallLog log;
    private final Times times;
    private final List<Pod> pods = new ArrayList<>();
    private List<Pod> endpoints = List.of();
    private int created;
    private int wanted;
    private int most;
    private double podSeconds;

    /**
     * How long a pod takes.
     *
     * @param provision seconds from its creation to its process: scheduling, the image, the
     *     container; an assumption about the cluster
     * @param start seconds from then until it answers; measured
     */
    record Times(double provision, double start) {}

    Cluster(CallLog log, Times times) {
        this.log = log;
        this.times = times;
    }

    /** The first pods, ready before the day begins. */
    void begin(int count) {
        double ago = -times.provision() - times.start();
        for (int i = 0; i < count; i++) {
            pods.add(new Pod(created++, ago, times.provision(), times.start(), log));
        }
        wanted = count;
        most = count;
        endpoints = List.copyOf(pods);
    }

    /** Sets the number of pods; those that are not ready go first, then the youngest. */
    void scale(double now, int count) {
        for (; wanted < count; wanted++) {
            pods.add(new Pod(created++, now, times.provision(), times.start(), log));
        }
        if (wanted > count) {
            staying().stream()
                    .sorted(YOUNGEST_FIRST)
                    .limit(wanted - count)
                    .forEach(pod -> pod.delete(now));
            wanted = count;
        }
        refresh(now);
    }

    /** Once a second: pods that have become ready take calls, those that have ended are gone. */
    void refresh(double now) {
        for (Pod pod : pods) {
            pod.server.advance(now);
        }
        pods.removeIf(pod -> pod.isGone(now));
        endpoints = pods.stream().filter(pod -> pod.isReady(now)).toList();
        most = Math.max(most, pods.size());
    }

    /** Once a second: what the pods cost. */
    void account() {
        podSeconds += pods.size();
    }

    /** All that were not told to end. */
    List<Pod> staying() {
        return pods.stream().filter(pod -> !pod.isLeaving()).toList();
    }

    /** Also those that are ending. */
    List<Pod> all() {
        return pods;
    }

    /** Those that take calls. */
    List<Pod> endpoints() {
        return endpoints;
    }

    /** The number that was asked for. */
    int wanted() {
        return wanted;
    }

    int most() {
        return most;
    }

    double podHours() {
        return podSeconds / 3_600;
    }
}
