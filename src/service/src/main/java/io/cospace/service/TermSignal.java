package io.cospace.service;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * SIGTERM, taken from the JVM. Its own answer is to run the shutdown hooks, of which Quarkus'
 * closes the sockets first, and to exit with code 143.
 */
final class TermSignal {

    private TermSignal() {}

    /**
     * Runs an action on a thread of its own whenever the signal comes.
     *
     * <p>{@code sun.misc.Signal} is the one way that Java has (module jdk.unsupported, there to
     * stay until another comes: JEP 260). By reflection, because the compiler warns of its name and
     * knows no way to be told that it is meant.
     *
     * @return false where there is no such signal, or it is taken already (JVM option -Xrs)
     */
    static boolean handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run =
                    MethodHandles.lookup()
                            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            Object adapter =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(run, 0, signal));
            Object term = signal.getConstructor(String.class).newInstance("TERM");
            Object _ = signal.getMethod("handle", signal, handler).invoke(null, term, adapter);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
