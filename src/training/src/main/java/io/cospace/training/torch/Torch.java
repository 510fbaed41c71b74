package io.cospace.training.torch;

import java.nio.ByteBuffer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;

/**
 * The engine as a whole: loading, threads, random numbers. The random state is one for the process;
 * everything else here may be called from any thread.
 */
public final class Torch {
    static {
        preferMkl();
    }

    private Torch() {}

    /**
     * Loads the natives; the first call on a machine unpacks about 450 MB into JavaCPP's cache
     * ({@code ~/.javacpp/cache}, system property {@code org.bytedeco.javacpp.cachedir}). Every
     * other call of this package does the same when it is the first.
     */
    public static void load() {
        torch.get_num_threads();
    }

    /**
     * Matrix products run on MKL where the class path holds it. It has to be said before the
     * natives load, and only this class touches them first.
     */
    private static void preferMkl() {
        String key = "org.bytedeco.openblas.load";
        boolean there =
                Torch.class.getResource("/org/bytedeco/mkl/linux-x86_64/libmkl_rt.so.2") != null;
        if (there && System.getProperty(key) == null) {
            System.setProperty(key, "mkl");
        }
    }

    /**
     * How many threads one operation uses. The BLAS library has a pool of its own that libtorch
     * does not govern, so both are told.
     */
    public static void threads(int count) {
        torch.set_num_threads(count);
        openblas.blas_set_num_threads(count);
    }

    /** Threads of one operation. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /** Whether a GPU can be used: the natives for it are there and a device answers. */
    public static boolean cuda() {
        return torch.cuda_is_available();
    }

    /** Starts the random numbers of dropout and noise anew. */
    public static void seed(long seed) {
        torch.manual_seed(seed);
    }

    /** Where the random numbers stand, to go on from there later. */
    public static byte[] randomState() {
        try (Scope _ = Scope.open();
                Generator generator = torch.getDefaultCPUGenerator()) {
            return Tensor.of(generator.get_state()).toBytes();
        }
    }

    /** Goes on where {@link #randomState} was read. */
    public static void randomState(byte[] state) {
        try (Scope _ = Scope.open();
                Generator generator = torch.getDefaultCPUGenerator()) {
            generator.set_state(Tensors.of(ByteBuffer.wrap(state), Kind.U8, state.length).raw());
        }
    }

    /** Runs without recording gradients on this thread. */
    public static NoGradient noGradient() {
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(false);
        return () -> GradMode.set_enabled(before);
    }

    /** Until closed, operations of this thread record nothing. */
    @FunctionalInterface
    public interface NoGradient extends AutoCloseable {
        @Override
        void close();
    }
}
