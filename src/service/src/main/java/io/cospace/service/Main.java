package io.cospace.service;

import io.cospace.encoder.onnx.Devices;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts the service, and beside it what needs no configuration: the runtime's native library loads
 * while the framework comes up.
 */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        Thread _ = Thread.ofPlatform().daemon().name("cospace-preload").start(Devices::preload);
        Quarkus.run(arguments);
    }
}
