package io.cospace.export.graph;

import ai.onnxruntime.OrtException;
import io.cospace.export.checkpoint.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Tokenised texts, without padding. */
record Batch(List<long[]> texts) {

    /** The real tokens of {@code input_ids} under {@code attention_mask}, padded on either side. */
    static Batch of(Safetensors io) {
        return of(io, "input_ids", "attention_mask");
    }

    /** The real tokens of some ids under some mask, padded on either side. */
    static Batch of(Safetensors io, String idsName, String maskName) {
        long[] ids = io.longs(idsName);
        long[] mask = io.longs(maskName);
        int width = Math.toIntExact(io.info(idsName).size(1));
        List<long[]> texts = new ArrayList<>();
        for (int row = 0; row < ids.length; row += width) {
            long[] text = new long[width];
            int count = 0;
            for (int i = row; i < row + width; i++) {
                if (mask[i] != 0) {
                    text[count++] = ids[i];
                }
            }
            texts.add(Arrays.copyOf(text, count));
        }
        return new Batch(texts);
    }

    /** Each row's tokens up to the first of its largest id. */
    static Batch untilLargest(Safetensors io, String name) {
        long[] ids = io.longs(name);
        int width = Math.toIntExact(io.info(name).size(1));
        List<long[]> texts = new ArrayList<>();
        for (int row = 0; row < ids.length; row += width) {
            int end = row;
            for (int i = row; i < row + width; i++) {
                end = ids[i] > ids[end] ? i : end;
            }
            texts.add(Arrays.copyOfRange(ids, row, end + 1));
        }
        return new Batch(texts);
    }

    static Batch random(RandomGenerator random, int texts, int maxTokens, int vocabulary) {
        List<long[]> batch = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            int tokens = random.nextInt(1, maxTokens + 1);
            batch.add(random.longs(tokens, 3, vocabulary).toArray());
        }
        return new Batch(batch);
    }

    GraphRunner feed(GraphRunner runner, TextLayout layout) throws OrtException {
        long[] lengths = texts.stream().mapToLong(text -> text.length).toArray();
        runner.longs("lengths", lengths, lengths.length);
        if (layout == TextLayout.PACKED) {
            long[] ids = texts.stream().flatMapToLong(Arrays::stream).toArray();
            return runner.longs("input_ids", ids, ids.length);
        }
        int width = Math.toIntExact(Arrays.stream(lengths).max().orElseThrow());
        long[] ids = new long[texts.size() * width];
        for (int i = 0; i < texts.size(); i++) {
            System.arraycopy(texts.get(i), 0, ids, i * width, texts.get(i).length);
        }
        return runner.longs("input_ids", ids, texts.size(), width);
    }
}
