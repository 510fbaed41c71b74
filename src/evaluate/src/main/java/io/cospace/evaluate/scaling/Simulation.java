package io.cospace.evaluate.scaling;

import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** A traffic before the pods of a policy, second by second; each call by itself in between. */
public final class Simulation {
    /** Seconds between scrapes: the ServiceMonitor's. */
    private static final int SCRAPE = 10;

    /** Seconds between samples of the metrics server. */
    private static final int CPU_SCRAPE = 15;

    private static final int CPU_PHASE = 7;
    private static final int RULE_PHASE = 11;

    private final Traffic traffic;
    private final Settings settings;
    private final CallLog log = new CallLog();
    private final Cluster cluster;
    private final Refusals refusals = new Refusals();
    private final Autoscaler autoscaler;
    private final Policy policy;
    private final SplittableRandom random;
    private final PriorityQueue<Call> retries = new PriorityQueue<>();
    private final double[] rates = new double[ItemClass.values().length];

    /**
     * What holds besides traffic and policy.
     *
     * @param seed of arrivals and of the pod that each call goes to
     * @param provision seconds from a pod's creation to its process: scheduling, image, container;
     *     an assumption
     * @param start seconds from then until it is ready: 6.7 measured, and up to 2 for the probe
     * @param deadline seconds that a caller waits; a call whose predicted answer is later is
     *     refused
     * @param tries of a caller, each after the Retry-After of the refusal before
     * @param blindFrom second from which Prometheus cannot be asked
     * @param blindTo second from which it can again; the same as {@code blindFrom}: always
     */
    public record Settings(
            long seed,
            double provision,
            double start,
            double deadline,
            int tries,
            int blindFrom,
            int blindTo) {
        /** The measured start, a cluster that takes ten seconds, callers that wait two. */
        public static Settings defaults() {
            return new Settings(1, 10, 8, 2, 3, 0, 0);
        }
    }

    /** A try of a call. */
    private record Call(double at, ItemClass kind, double cameAt, int tries)
            implements Comparable<Call> {
        @Override
        public int compareTo(Call other) {
            return Double.compare(at, other.at);
        }
    }

    private Simulation(Traffic traffic, Policy policy, Settings settings) {
        this.traffic = traffic;
        this.policy = policy;
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.cluster = new Cluster(log, new Cluster.Times(settings.provision(), settings.start()));
        this.autoscaler = new Autoscaler(policy, cluster, refusals);
    }

    /** Runs so many seconds of a traffic; the same arguments give the same outcome. */
    public static Outcome run(Traffic traffic, int seconds, Policy policy, Settings settings) {
        return new Simulation(traffic, policy, settings).run(seconds);
    }

    private Outcome run(int seconds) {
        cluster.begin(policy.least());
        for (int second = 0; second < seconds; second++) {
            look(second);
            long refusedBefore = log.refusals();
            serve(second);
            refusals.second(log.refusals() - refusedBefore);
            cluster.account();
        }
        cluster.refresh(seconds + 3_600.0);
        retries.forEach(_ -> log.gaveUp());
        return new Outcome(
                policy.name(),
                log.answers() + log.lost(),
                log.percentile(50),
                log.percentile(99),
                log.shareWithin(1),
                log.refusals(),
                log.lost(),
                cluster.podHours(),
                cluster.most(),
                autoscaler.changes());
    }

    /** What happens by the clock. */
    private void look(int second) {
        cluster.refresh(second);
        for (Pod pod : cluster.all()) {
            if (pod.isRunning(second) && (second + pod.number) % SCRAPE == 0) {
                pod.scrape(second);
            }
            if (pod.isRunning(second) && second % CPU_SCRAPE == CPU_PHASE) {
                pod.scrapeCpu(second);
            }
        }
        if (second % Refusals.EVALUATION == RULE_PHASE) {
            refusals.evaluate(cluster.endpoints().size() < cluster.wanted());
        }
        if (second % Autoscaler.SYNC == 0) {
            autoscaler.sync(second, second >= settings.blindFrom() && second < settings.blindTo());
        }
    }

    /** The calls of a second. */
    private void serve(int second) {
        double sum = 0;
        for (ItemClass kind : ItemClass.values()) {
            rates[kind.place()] = traffic.rate(kind, second);
            sum += rates[kind.place()];
        }
        double next = second + gap(sum);
        while (true) {
            Call retry = retries.peek();
            double retryAt = retry == null ? Double.POSITIVE_INFINITY : retry.at();
            if (Math.min(next, retryAt) >= second + 1) {
                return;
            }
            if (retry != null && retryAt <= next) {
                retries.remove();
                offer(retry);
            } else {
                offer(new Call(next, kind(sum), next, 1));
                next += gap(sum);
            }
        }
    }

    private double gap(double rate) {
        return rate > 0 ? -Math.log(1 - random.nextDouble()) / rate : Double.POSITIVE_INFINITY;
    }

    private ItemClass kind(double sum) {
        double at = random.nextDouble() * sum;
        for (ItemClass kind : ItemClass.values()) {
            at -= rates[kind.place()];
            if (at < 0) {
                return kind;
            }
        }
        return ItemClass.SHORT_TEXT;
    }

    /** Any ready pod, as a Service chooses; at its door as the service decides. */
    private void offer(Call call) {
        List<Pod> endpoints = cluster.endpoints();
        double wait = 0;
        if (!endpoints.isEmpty()) {
            PodServer pod = endpoints.get(random.nextInt(endpoints.size())).server;
            pod.advance(call.at());
            wait = pod.waitSeconds(call.at());
            double answer = wait + call.kind().shareSeconds() / PodServer.DISPATCHERS;
            if (answer <= settings.deadline()) {
                pod.add(call.kind(), call.at(), call.cameAt());
                return;
            }
        }
        log.refused();
        if (call.tries() == settings.tries()) {
            log.gaveUp();
            return;
        }
        // Retry-After is in whole seconds; callers do not all come back in the same moment.
        double again = call.at() + Math.max(1, Math.ceil(wait)) + random.nextDouble();
        retries.add(new Call(again, call.kind(), call.cameAt(), call.tries() + 1));
    }
}
