package io.cospace.encoder.onnx;

/** Which of a tower's two sessions runs a batch; both give the same vectors. */
public enum Width {
    /** One thread: as many batches at once as there are cores. */
    NARROW,
    /** All cores for one batch: for a lone item while nothing else waits. */
    WIDE
}
