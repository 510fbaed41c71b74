package io.cospace.service.admission;

/** Told of each call that is turned away, for metrics; thread-safe and quick. */
@FunctionalInterface
public interface AdmissionListener {

    /**
     * A call was refused.
     *
     * @param caller name of its key, {@code anonymous}, or {@code unknown}
     */
    void refused(String caller, Refusal refusal);
}
