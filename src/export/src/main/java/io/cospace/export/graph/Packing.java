package io.cospace.export.graph;

import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.regex.Pattern;

/**
 * Writes the matrices of large text embedders in few bits, for machines whose memory the originals
 * exceed. The packed form is the reference file then, and a graph over it computes in fp32. Rows
 * are read a few at a time.
 */
public final class Packing {
    /** Word tables and linear layers of BERT and of Llama's kin; small tables stay as they are. */
    private static final Pattern MATRICES =
            Pattern.compile(
                    "(?:.*\\.)?(?:word_embeddings|embed_tokens|query|key|value|dense|[a-z]+_proj)"
                            + "\\.weight");

    private static final int CHUNK = 1 << 20;

    private Packing() {}

    /** Whether a tensor of a text tower can be packed: one of its matrices, with whole groups. */
    public static boolean fits(String name, TensorInfo info) {
        return info.rank() == 2
                && info.size(1) % BlockForm.GROUP == 0
                && MATRICES.matcher(name).matches();
    }

    /**
     * Adds a matrix as its codes and fp16 scales; the source must stay open until the file is
     * written.
     *
     * @throws IllegalArgumentException if the tensor does not {@link #fits fit}
     */
    public static void add(
            SafetensorsWriter writer, String name, TensorSource source, BlockForm form) {
        TensorInfo info = source.info(name);
        if (!fits(name, info)) {
            throw new IllegalArgumentException(
                    "%s %s is no matrix with rows of whole groups of %d"
                            .formatted(name, info, BlockForm.GROUP));
        }
        long groups = info.size(1) / BlockForm.GROUP;
        writer.add(
                name + form.suffix(),
                new TensorInfo(DataType.U8, info.size(0), groups, form.groupBytes()),
                channel ->
                        each(source, name, rows -> form.codes(rows, form.scales(rows)), channel));
        writer.add(
                name + BlockForm.SCALE,
                new TensorInfo(DataType.F16, info.size(0), groups),
                channel -> each(source, name, rows -> bytes(form.scales(rows)), channel));
    }

    /** What becomes of some whole groups. */
    @FunctionalInterface
    private interface Step {
        ByteBuffer of(float[] weights);
    }

    private static void each(
            TensorSource source, String name, Step step, WritableByteChannel channel)
            throws IOException {
        long elements = source.info(name).elements();
        for (long first = 0; first < elements; first += CHUNK) {
            float[] weights = new float[(int) Math.min(CHUNK, elements - first)];
            source.read(name, first, weights);
            ByteBuffer bytes = step.of(weights);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static ByteBuffer bytes(short[] values) {
        ByteBuffer bytes = GraphBuilder.littleEndian(values.length * Short.BYTES);
        for (short value : values) {
            bytes.putShort(value);
        }
        return bytes.flip();
    }
}
