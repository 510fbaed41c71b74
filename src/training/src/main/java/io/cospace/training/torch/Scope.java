package io.cospace.training.torch;

import org.bytedeco.javacpp.PointerScope;

/**
 * Frees, when closed, every tensor that this thread made while it was the innermost open scope,
 * except the ones {@linkplain Tensor#kept() kept}. Without a scope tensors wait for the garbage
 * collector, which is correct but lets native memory grow. One scope a step is enough; what lives
 * longer than a step is made outside. To be closed by the thread that opened it, inner scopes
 * first.
 */
public final class Scope implements AutoCloseable {
    private final PointerScope pointers = new PointerScope();

    private Scope() {}

    /** Opens a scope on this thread. */
    public static Scope open() {
        return new Scope();
    }

    @Override
    public void close() {
        pointers.close();
    }
}
