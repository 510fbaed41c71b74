package io.cospace.evaluate.metrics;

/**
 * A confidence interval around a mean.
 *
 * @param mean over all values
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double mean, double low, double high) {}
