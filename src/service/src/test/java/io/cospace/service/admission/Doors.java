package io.cospace.service.admission;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Doors for tests of the transports. */
public final class Doors {

    private static final AdmissionSettings SETTINGS =
            new AdmissionSettings(
                    Duration.ofSeconds(10),
                    1_000,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    KeyLimits.NONE);

    private Doors() {}

    /** Lets everybody in. */
    public static Admission open() {
        return waiting(Duration.ZERO);
    }

    /** Predicts that wait for everybody. */
    public static Admission waiting(Duration wait) {
        return new Admission(SETTINGS, Optional.empty(), priority -> wait, (caller, refusal) -> {});
    }

    /** Lets those in who show a key of the file. */
    public static Admission keyed(Path file) {
        return new Admission(
                SETTINGS,
                Optional.of(KeyRing.open(file)),
                priority -> Duration.ZERO,
                (caller, refusal) -> {});
    }

    /** A line of a key file. */
    public static String line(String key, String nameAndOptions) throws Exception {
        return KeyRingTest.sha256(key) + " " + nameAndOptions + "\n";
    }
}
