package io.cospace.export.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A source all of whose tensors are views on mapped storages. */
interface ViewSource extends TensorSource {
    /** The view of a tensor; an unknown name is refused with an IllegalArgumentException. */
    TensorView view(String name);

    @Override
    default TensorInfo info(String name) {
        return view(name).info();
    }

    @Override
    default void read(String name, long first, float[] target) {
        view(name).read(first, target);
    }

    @Override
    default float[] floats(String name) {
        return view(name).floats();
    }

    @Override
    default long[] longs(String name) {
        return view(name).longs();
    }

    @Override
    default ByteBuffer raw(String name) {
        return view(name).raw();
    }

    @Override
    default void copy(String name, WritableByteChannel target) throws IOException {
        view(name).copy(target);
    }
}
