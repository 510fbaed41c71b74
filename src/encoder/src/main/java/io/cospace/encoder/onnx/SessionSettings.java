package io.cospace.encoder.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.cospace.encoder.error.DeviceException;
import java.util.Map;

/**
 * How a graph's sessions run it.
 *
 * @param device where; {@link Device.Auto} must have been resolved
 * @param wideThreads threads of {@link Width#WIDE} on the processor, 1 or more; {@link
 *     Width#NARROW} stays on its caller's thread
 * @param streamed whether weights stay in their mapped files and are widened when a layer needs
 *     them, so that a graph larger than the memory can run: slowly, and in one session for both
 *     widths
 * @param cudaBytes most bytes that the session takes of a GPU's memory, weights and buffers; 0: no
 *     limit
 */
public record SessionSettings(Device device, int wideThreads, boolean streamed, long cudaBytes) {

    public SessionSettings {
        if (wideThreads < 1) {
            throw new IllegalArgumentException(
                    "wideThreads is " + wideThreads + "; must be 1 or more");
        }
        if (cudaBytes < 0) {
            throw new IllegalArgumentException("cudaBytes is " + cudaBytes + "; must be 0 or more");
        }
    }

    /** Without a limit on a GPU's memory. */
    public SessionSettings(Device device, int wideThreads, boolean streamed) {
        this(device, wideThreads, streamed, 0);
    }

    /**
     * As usual: weights are read, widened and packed for the processor once, when a graph is
     * loaded.
     */
    public SessionSettings(Device device, int wideThreads) {
        this(device, wideThreads, false, 0);
    }

    /** Whether both widths would be the same: on a GPU, and with one thread. */
    boolean isOneSession() {
        return streamed || wideThreads == 1 || !(device instanceof Device.Cpu);
    }

    /*
     * What was measured with the default bundle on two cores, ONNX Runtime 1.29.0 (processor time of one thread, arena on = 1):
     * memory arena off: texts 0.97..1.04, images 1.01..1.05; arena shrunk after every run: images in fours 1.25; prepacking
     * off: short texts 2.0, for 20 to 40 MB less. So the arena stays on and a session keeps what its largest batch took. A wide
     * session shares the mapped weights with the narrow one and adds its own prepacked copies: 90 MB for both towers.
     */

    /**
     * The options of one session, to be closed by the caller.
     *
     * <p>Threads of a wide session spin while they wait for the next node of a run, and stop when
     * it ends: sleeping between some 600 nodes of 5 us made two threads slower than one for a short
     * text (1 x 8 tokens: one thread 3.0 ms, two that sleep 3.2, two that spin 2.2; 54 tokens:
     * 10.6, 9.6, 7.4), and costs 7 % more processor time. Spinning on between runs would take a
     * core from whoever else has work. Patterns of memory use are not kept, since a server sees new
     * shapes for ever and each would be remembered.
     *
     * @throws DeviceException when the device cannot be had
     */
    SessionOptions toOptions(Width width) throws OrtException {
        boolean _ = Telemetry.off();
        SessionOptions options = new SessionOptions();
        try {
            options.setIntraOpNumThreads(width == Width.WIDE || streamed ? wideThreads : 1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry(
                    "session.intra_op.allow_spinning", width == Width.WIDE ? "1" : "0");
            options.addConfigEntry("session.inter_op.allow_spinning", "0");
            options.addConfigEntry("session.force_spinning_stop", "1");
            options.setMemoryPatternOptimization(false);
            if (streamed) {
                stream(options);
            }
            switch (device) {
                case Device.Cpu cpu -> {}
                case Device.Cuda cuda -> addCuda(options, cuda);
                case Device.Auto auto ->
                        throw new IllegalStateException(
                                "This is a bug: device auto was not resolved");
            }
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    /** Nothing is computed or copied at load, and nothing is kept from one node to the next. */
    private static void stream(SessionOptions options) throws OrtException {
        options.addConfigEntry("session.disable_prepacking", "1");
        options.addConfigEntry("optimization.disable_specified_optimizers", "ConstantFolding");
        options.setCPUArenaAllocator(false);
    }

    private void addCuda(SessionOptions options, Device.Cuda device) {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
            for (Map.Entry<String, String> option : cudaOptions().entrySet()) {
                cuda.add(option.getKey(), option.getValue());
            }
            options.addCUDA(cuda);
        } catch (OrtException e) {
            throw new DeviceException(device + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * The provider's options, by its names: its arena grows by what is asked for, not by doubling.
     */
    Map<String, String> cudaOptions() {
        return cudaBytes == 0
                ? Map.of("arena_extend_strategy", "kSameAsRequested")
                : Map.of(
                        "arena_extend_strategy",
                        "kSameAsRequested",
                        "gpu_mem_limit",
                        Long.toString(cudaBytes));
    }
}
