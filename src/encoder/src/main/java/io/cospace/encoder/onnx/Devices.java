package io.cospace.encoder.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.cospace.encoder.error.DeviceException;
import java.util.EnumSet;

/** What this runtime can run on. */
public final class Devices {

    private Devices() {}

    /**
     * The device that {@code wanted} stands for here: itself, or for {@link Device.Auto} the first
     * CUDA device where this build of ONNX Runtime can use one, else the processor.
     *
     * @throws DeviceException when a CUDA device is wanted and this build has no CUDA provider
     */
    public static Device resolve(Device wanted) {
        return resolve(wanted, providers());
    }

    /**
     * Loads the native library, which otherwise happens at the first use of a device. A failure is
     * left to that use, which can tell it to somebody.
     */
    public static void preload() {
        try {
            EnumSet<OrtProvider> _ = providers();
        } catch (LinkageError e) {
            System.getLogger(Devices.class.getName())
                    .log(System.Logger.Level.DEBUG, "ONNX Runtime cannot be loaded", e);
        }
    }

    /** The runtime in words: its version and what it can run on. */
    public static String runtime() {
        return "ONNX Runtime " + OnnxModel.environment().getVersion() + " with " + providers();
    }

    private static EnumSet<OrtProvider> providers() {
        boolean _ = Telemetry.off();
        return OrtEnvironment.getAvailableProviders();
    }

    static Device resolve(Device wanted, EnumSet<OrtProvider> available) {
        boolean cuda = available.contains(OrtProvider.CUDA);
        return switch (wanted) {
            case Device.Cpu cpu -> cpu;
            case Device.Cuda device when cuda -> device;
            case Device.Cuda device ->
                    throw new DeviceException(
                            device
                                    + " cannot be used: this build of ONNX Runtime has no CUDA provider (it has "
                                    + available
                                    + "); build with the profile gpu, or use device cpu");
            case Device.Auto auto -> cuda ? new Device.Cuda(0) : new Device.Cpu();
        };
    }
}
