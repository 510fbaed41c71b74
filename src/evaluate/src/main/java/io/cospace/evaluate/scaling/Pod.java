package io.cospace.evaluate.scaling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToDoubleFunction;

/** A pod from its creation to its end, and what was scraped of it. */
final class Pod {
    /** As long as the queries of the manifests look back. */
    static final double WINDOW = 30;

    /** For load balancers to notice, before a pod that is ended may go: the manifests' preStop. */
    private static final double LEAVE = 5;

    /** Of the window of the metrics server: a processor's use is that since the sample before. */
    private static final double CPU_WINDOW = 15;

    final int number;
    final double created;
    final double scheduled;
    final double ready;
    final PodServer server;
    private double deleted = Double.POSITIVE_INFINITY;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private double cpuAt = Double.NaN;
    private double cpuBusy;
    private double cpuShare = Double.NaN;

    /** The gauges at one scrape. */
    record Sample(double at, double queueSeconds, double saturation) {}

    /**
     * A pod that is created now.
     *
     * @param provision seconds until its process starts: scheduling, the image, the container
     * @param start seconds from then until it is ready
     */
    Pod(int number, double now, double provision, double start, CallLog log) {
        this.number = number;
        this.created = now;
        this.scheduled = now + provision;
        this.ready = scheduled + start;
        this.server = new PodServer(now, log);
    }

    boolean isRunning(double now) {
        return now >= scheduled;
    }

    boolean isReady(double now) {
        return now >= ready && !isLeaving();
    }

    boolean isLeaving() {
        return Double.isFinite(deleted);
    }

    void delete(double now) {
        deleted = now;
    }

    /** Whether a pod that was told to has ended; it finishes what it was given first. */
    boolean isGone(double now) {
        return isLeaving() && (now < scheduled || (now >= deleted + LEAVE && server.isIdle()));
    }

    void scrape(double now) {
        samples.addLast(new Sample(now, server.queueSeconds(), server.saturation()));
        while (samples.getFirst().at() <= now - WINDOW) {
            samples.removeFirst();
        }
    }

    /** The metrics server takes note of the processor time. */
    void scrapeCpu(double now) {
        if (!Double.isNaN(cpuAt)) {
            cpuShare = (server.busySeconds() - cpuBusy) / (now - cpuAt) / PodServer.DISPATCHERS;
        }
        cpuAt = now;
        cpuBusy = server.busySeconds();
    }

    /** Mean of a gauge over the window; NaN when nothing was scraped in it. */
    double mean(double now, ToDoubleFunction<Sample> gauge) {
        return samples.stream()
                .filter(sample -> sample.at() > now - WINDOW)
                .mapToDouble(gauge)
                .average()
                .orElse(Double.NaN);
    }

    /** Share of the requested cores that was used, NaN: not known yet. */
    double cpuShare() {
        return cpuShare;
    }

    /** Whether the processor's use counts: all of its window lies after the pod was ready. */
    boolean isCpuSettled() {
        return cpuAt >= ready + CPU_WINDOW;
    }
}
