package io.cospace.service.admission;

import java.time.Duration;

/**
 * Limits that hold for every caller.
 *
 * @param maxWait longest predicted wait; past it a call is refused before it is read
 * @param defaultTimeout time that a call has when it names none
 * @param maxTimeout most time that a call may name; a longer one counts as this
 * @param anonymous limits of all callers together, where no key file is configured
 */
public record AdmissionSettings(
        Duration maxWait, Duration defaultTimeout, Duration maxTimeout, KeyLimits anonymous) {

    public AdmissionSettings {
        for (Duration time : new Duration[] {maxWait, defaultTimeout, maxTimeout}) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(
                        "a time of the admission settings is %s; must be positive".formatted(time));
            }
        }
        if (defaultTimeout.compareTo(maxTimeout) > 0) {
            throw new IllegalArgumentException(
                    "the default timeout %s is longer than the longest, %s"
                            .formatted(defaultTimeout, maxTimeout));
        }
    }
}
