package io.cospace.encoder;

import io.cospace.encoder.onnx.Device;
import org.jspecify.annotations.Nullable;

/**
 * How one tower runs.
 *
 * @param device the device in use, never {@link Device.Auto}
 * @param precision the precision in use
 * @param fallback why it is not the device or precision that was chosen first; null when it is
 */
public record TowerState(
        Modality modality, Device device, String precision, @Nullable String fallback) {}
