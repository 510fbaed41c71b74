package io.cospace.encoder.onnx;

import io.cospace.encoder.error.DeviceException;
import java.util.Locale;

/** Where a tower's graph runs. */
public sealed interface Device {

    /** The best device that can be had: the first CUDA device, else the CPU. */
    record Auto() implements Device {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** The processor. */
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * An NVIDIA device.
     *
     * @param index number of the device as CUDA counts them, from 0
     */
    record Cuda(int index) implements Device {
        public Cuda {
            if (index < 0 || index > MAX_CUDA_INDEX) {
                throw new DeviceException(
                        "cuda device is " + index + "; must be 0.." + MAX_CUDA_INDEX);
            }
        }

        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /** What ONNX Runtime calls the part of it that computes there. */
    default String provider() {
        return this instanceof Cuda ? "CUDAExecutionProvider" : "CPUExecutionProvider";
    }

    /** Largest device number that is accepted. */
    int MAX_CUDA_INDEX = 63;

    /**
     * Reads {@code auto}, {@code cpu}, {@code cuda} (the same as {@code cuda:0}) or {@code cuda:N},
     * in any case.
     *
     * @throws DeviceException when the text is none of these
     */
    static Device parse(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (name.matches("cuda:\\d{1,4}")) {
            return new Cuda(Integer.parseInt(name.substring("cuda:".length())));
        }
        return switch (name) {
            case "auto" -> new Auto();
            case "cpu" -> new Cpu();
            case "cuda" -> new Cuda(0);
            default ->
                    throw new DeviceException(
                            "device is '" + text + "'; must be auto, cpu, cuda or cuda:N");
        };
    }
}
