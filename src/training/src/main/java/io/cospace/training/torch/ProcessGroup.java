package io.cospace.training.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train one model together, over libtorch's c10d with Gloo on CPUs. All of them
 * call the same methods in the same order; a process that is lost makes the others' calls fail. To
 * be used by one thread.
 */
public final class ProcessGroup implements AutoCloseable {
    private final int rank;
    private final int world;
    private final @Nullable TCPStore store;
    private final @Nullable ProcessGroupGloo gloo;

    private ProcessGroup(
            int rank, int world, @Nullable TCPStore store, @Nullable ProcessGroupGloo gloo) {
        this.rank = rank;
        this.world = world;
        this.store = store;
        this.gloo = gloo;
    }

    /** One process that trains by itself: nothing is exchanged. */
    public static ProcessGroup alone() {
        return new ProcessGroup(0, 1, null, null);
    }

    /**
     * Meets the other processes; waits until all of them are there.
     *
     * @param host of process 0, where the processes meet; also the network that is used
     * @param port free there, 1..65535
     * @param rank of this process, 0..world - 1
     * @param world how many processes
     */
    public static ProcessGroup join(String host, int port, int rank, int world) {
        if (rank < 0 || rank >= world || port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "rank %d of %d at port %d: rank must be below the number of processes, port 1..65535"
                            .formatted(rank, world, port));
        }
        Torch.load();
        TCPStoreOptions options = new TCPStoreOptions();
        options.port((short) port)
                .isServer(rank == 0)
                .numWorkers(new SizeTPointer(1).put(world))
                .waitWorkers(true);
        TCPStore store = new TCPStore(host, options);
        ProcessGroupGloo.Options settings = ProcessGroupGloo.Options.create();
        settings.devices().push_back(ProcessGroupGloo.createDeviceForHostname(host));
        return new ProcessGroup(
                rank, world, store, new ProcessGroupGloo(store, rank, world, settings));
    }

    /** Number of this process. */
    public int rank() {
        return rank;
    }

    /** How many processes there are. */
    public int world() {
        return world;
    }

    /**
     * The rows of all processes, in the order of their ranks. Gradients flow to this process' own
     * rows; those of the others are constants, whose gradients arise over there.
     *
     * @param own [b, d], the same shape in every process
     * @return [world * b, d]
     */
    public Tensor gather(Tensor own) {
        if (gloo == null) {
            return own;
        }
        Tensor sent = own.detached().contiguous();
        long[] shape = own.shape();
        shape[0] *= world;
        Tensor all = Tensors.zeros(own.kind(), shape);
        gloo._allgather_base(all.raw(), sent.raw())._wait();
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < world; i++) {
            parts.add(i == rank ? own : all.narrow(0, i * own.size(0), own.size(0)));
        }
        return Tensors.concat(0, parts);
    }

    /** Replaces each tensor by its sum over the processes, in one exchange. */
    public void sumInPlace(List<Tensor> tensors) {
        if (gloo == null || tensors.isEmpty()) {
            return;
        }
        try (Torch.NoGradient _ = Torch.noGradient()) {
            Tensor flat =
                    Tensors.concat(0, tensors.stream().map(tensor -> tensor.reshape(-1)).toList());
            TensorVector vector = Tensors.vector(List.of(flat));
            gloo.allreduce(vector)._wait();
            long start = 0;
            for (Tensor tensor : tensors) {
                long count = tensor.elements();
                tensor.copyInPlace(flat.narrow(0, start, count).reshape(tensor.shape()));
                start += count;
            }
        }
    }

    /** Waits until all processes are here. */
    public void barrier() {
        if (gloo != null) {
            gloo.barrier()._wait();
        }
    }

    /** Leaves; the others must be done with their calls. */
    @Override
    public void close() {
        if (gloo != null) {
            gloo.close();
        }
        if (store != null) {
            store.close();
        }
    }
}
