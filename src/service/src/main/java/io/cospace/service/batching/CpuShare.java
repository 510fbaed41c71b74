package io.cospace.service.batching;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Makes threads that compute stand back for those that read and answer calls: where cores are fully
 * used, an event loop would otherwise wait for the end of a time slice before it refuses or answers
 * a call. Linux only, where the nice value belongs to the thread (setpriority(2), "NOTES"); without
 * effect elsewhere, since a service is right without it too.
 */
public final class CpuShare {

    /** Least share: a 68th of a thread that does not stand back. */
    public static final int MOST_NICENESS = 19;

    private static final int THREAD = 0;
    private static final int CALLER = 0;
    private static final @Nullable MethodHandle SET_PRIORITY = setPriority();

    private CpuShare() {}

    /**
     * Gives the calling thread a smaller share of busy cores, for the rest of its life.
     *
     * @param niceness 0 (as all others) .. 19; each step takes about a fifth off the share
     * @return whether it was done
     */
    public static boolean standBack(int niceness) {
        if (niceness < 0 || niceness > MOST_NICENESS) {
            throw new IllegalArgumentException(
                    "niceness is %d; must be 0 .. %d".formatted(niceness, MOST_NICENESS));
        }
        if (niceness == 0 || SET_PRIORITY == null) {
            return false;
        }
        try {
            return (int) SET_PRIORITY.invokeExact(THREAD, CALLER, niceness) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("This is a bug: setpriority was called wrongly", e);
        }
    }

    @SuppressWarnings("restricted") // the signature is setpriority(2)'s: three ints, one back
    private static @Nullable MethodHandle setPriority() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT);
        return linker.defaultLookup()
                .find("setpriority")
                .map(function -> linker.downcallHandle(function, type))
                .orElse(null);
    }
}
