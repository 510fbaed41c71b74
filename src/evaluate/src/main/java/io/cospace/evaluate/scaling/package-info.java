/**
 * A day of traffic before a Deployment that an autoscaler sizes: what the choice of signals and
 * targets costs and does. A discrete simulation of calls, pods, scrapes and the formulas of
 * Kubernetes and KEDA; deterministic, single-threaded, without a clock. Times are seconds from the
 * start of the day.
 */
@NullMarked
package io.cospace.evaluate.scaling;

import org.jspecify.annotations.NullMarked;
