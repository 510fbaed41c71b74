package io.cospace.training.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Until closed, matrix products and convolutions of this thread run in bfloat16 and what needs the
 * range or precision (norms, softmax, losses) in fp32, as {@code torch.autocast} does. Parameters
 * and gradients stay fp32, so that no loss scaling is needed. Slower than fp32 on CPUs without AMX.
 */
public final class Autocast implements AutoCloseable {
    private final DeviceType device;
    private final boolean before;

    private Autocast(DeviceType device, boolean on) {
        this.device = device;
        before = torch.is_autocast_enabled(device);
        torch.increment_nesting();
        torch.set_autocast_dtype(device, Kind.BF16.type());
        torch.set_autocast_enabled(device, on);
    }

    /**
     * Switches to bfloat16.
     *
     * @param on false to leave everything in fp32
     */
    public static Autocast bf16(Device device, boolean on) {
        return new Autocast(device.type(), on);
    }

    @Override
    public void close() {
        if (torch.decrement_nesting() == 0) {
            torch.clear_cache();
        }
        torch.set_autocast_enabled(device, before);
    }
}
