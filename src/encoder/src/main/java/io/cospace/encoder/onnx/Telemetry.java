package io.cospace.encoder.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Keeps ONNX Runtime from reporting its use to its maker. Since 1.29 its builds for Linux do so
 * unless the environment says no before the library is loaded: they write a device's id and a
 * database below the home folder and send them when they can. Its switch in Java, {@code
 * OrtEnvironment.setTelemetry}, comes too late for both. (Seen with strace and an empty home; the
 * variable's name is in the library.)
 */
final class Telemetry {

    private static final String SWITCH = "ORT_DISABLE_TELEMETRY";
    private static final boolean OFF = setVariable();

    private Telemetry() {}

    /**
     * Switches it off for the process; to be called before anything of {@code ai.onnxruntime} is
     * touched. Elsewhere than on Linux and macOS there is nothing to be done.
     *
     * @return whether the variable was set
     */
    static boolean off() {
        return OFF;
    }

    @SuppressWarnings(
            "restricted") // the signature is setenv(3)'s: two strings, an int, an int back
    private static boolean setVariable() {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find("setenv").orElse(null);
        if (function == null) {
            return false;
        }
        MethodHandle call =
                linker.downcallHandle(
                        function,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int overwrite = 1;
            return (int)
                            call.invokeExact(
                                    arena.allocateFrom(SWITCH), arena.allocateFrom("1"), overwrite)
                    == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("This is a bug: setenv was called wrongly", e);
        }
    }
}
