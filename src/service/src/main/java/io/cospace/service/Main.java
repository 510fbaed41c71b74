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

    /** Read once, when Quarkus' HTTP server is loaded. */
    private static final String DISABLE_URI_VALIDATION = "vertx.disableURIValidation";

    private Main() {}

    public static void main(String... arguments) {
        Thread _ = Thread.ofPlatform().daemon().name("cospace-preload").start(Devices::preload);
        // Quarkus would answer a path that cannot be read itself, with 400 and nothing else; the
        // router finds it, too.
        String _ = System.setProperty(DISABLE_URI_VALIDATION, "true");
        Quarkus.run(arguments);
    }
}
