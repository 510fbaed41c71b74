package io.cospace.service.admission;

import java.time.Duration;

/**
 * Limits that hold for every caller.
 *
 * @param maxWait longest predicted wait; past it a call is refused before it is read
 * @param maxOpenCalls interactive calls that have arrived and are not answered; past it one more is
 *     refused, unless it would hardly wait; at least 1
 * @param defaultTimeout time that a call has when it names none
 * @param maxTimeout most time that a call may name; a longer one counts as this
 * @param anonymous limits of all callers together, where no key file is configured
 */
public record AdmissionSettings(
        Duration maxWait,
        int maxOpenCalls,
        Duration defaultTimeout,
        Duration maxTimeout,
        KeyLimits anonymous) {

    public AdmissionSettings {
        for (Duration time : new Duration[] {maxWait, defaultTimeout, maxTimeout}) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(
                        "a time of the admission settings is %s; must be positive".formatted(time));
            }
        }
        if (maxOpenCalls < 1) {
            throw new IllegalArgumentException(
                    "maxOpenCalls is %d; must be at least 1".formatted(maxOpenCalls));
        }
        if (defaultTimeout.compareTo(maxTimeout) > 0) {
            throw new IllegalArgumentException(
                    "the default timeout %s is longer than the longest, %s"
                            .formatted(defaultTimeout, maxTimeout));
        }
    }
}
