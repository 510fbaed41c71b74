package io.cospace.evaluate.bench;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** When requests are sent. */
public sealed interface Arrivals {
    /** A plan for one run. */
    Plan plan(long start, long end);

    /** From when the latency of a request counts, in words. */
    String latencyFrom();

    /** Hands out arrivals until the run ends; shared by all connections. */
    interface Plan {
        /**
         * Waits for the next arrival: when it was due, in {@link System#nanoTime}; empty at the
         * end.
         */
        OptionalLong next() throws InterruptedException;
    }

    /** As soon as a connection is free. */
    record Closed() implements Arrivals {
        @Override
        public String latencyFrom() {
            return "sending";
        }

        @Override
        public Plan plan(long start, long end) {
            return () -> {
                long now = System.nanoTime();
                return now - end < 0 ? OptionalLong.of(now) : OptionalLong.empty();
            };
        }
    }

    /**
     * At random with a mean rate (a Poisson process), the same times for the same seed.
     *
     * @param perSecond requests a second, above 0
     * @param seed of the random numbers
     */
    record Open(double perSecond, long seed) implements Arrivals {
        /** Checks the rate. */
        public Open {
            if (!(perSecond > 0 && perSecond < 1e7)) {
                throw new BenchException("rate is " + perSecond + "; must be above 0, below 1e7");
            }
        }

        @Override
        public String latencyFrom() {
            return "planned arrival";
        }

        @Override
        public Plan plan(long start, long end) {
            return new Plan() {
                private final SplittableRandom random = new SplittableRandom(seed);
                private double offset;

                @Override
                public OptionalLong next() throws InterruptedException {
                    long due = draw();
                    if (due - end >= 0) {
                        return OptionalLong.empty();
                    }
                    while (due - System.nanoTime() > 0) {
                        LockSupport.parkNanos(due - System.nanoTime());
                        if (Thread.interrupted()) {
                            throw new InterruptedException();
                        }
                    }
                    return OptionalLong.of(due);
                }

                // Connections that are free wait for one arrival each, in order.
                private synchronized long draw() {
                    offset += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
                    return start + (long) offset;
                }
            };
        }
    }
}
