package io.cospace.training.torch;

import org.bytedeco.pytorch.global.torch.DeviceType;

/** Where tensors lie. */
public enum Device {
    CPU(DeviceType.CPU),
    /** The first GPU of NVIDIA; needs the engine's natives for it on the class path. */
    CUDA(DeviceType.CUDA);

    private final DeviceType type;

    Device(DeviceType type) {
        this.type = type;
    }

    DeviceType type() {
        return type;
    }
}
