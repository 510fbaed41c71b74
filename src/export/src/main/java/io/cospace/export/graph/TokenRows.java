package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;

/**
 * The tokens of a batch as rows without padding, and the way between rows [t, k] and padded
 * sequences [n, s, k], t the number of real tokens. Dense layers then work on real tokens only;
 * attention, which needs sequences, gathers and is gathered from (onnx-export notes: 1.3 to 1.6
 * times as fast on batches of mixed lengths). A padded place repeats its own text's last token, so
 * that no text ever sees another's values.
 */
final class TokenRows implements Sequences {
    private final GraphBuilder g;
    private final Value ids;
    private final Value lengths;
    private final Value columns;
    private final Value starts;
    private final Value mask;
    private final Value real;
    private final Value slots;
    private final Value width;

    private TokenRows(GraphBuilder g, TextLayout layout) {
        this.g = g;
        Value given =
                g.input(
                        "input_ids",
                        DataType.INT64,
                        layout == TextLayout.PADDED ? Shape.of("n", "s") : Shape.of("t"));
        lengths = g.input("lengths", DataType.INT64, Shape.of("n"));
        width =
                layout == TextLayout.PADDED
                        ? Ops.size(g, given, 1)
                        : g.node("ReduceMax").set("keepdims", 0).apply(lengths, g.integers(0));
        columns = g.node("Range").apply(g.integer(0), width, g.integer(1));
        Value ends = Ops.unsqueeze(g, lengths, 1);
        mask = g.node("Less").apply(Ops.unsqueeze(g, columns, 0), ends);
        Value found = g.node("NonZero").apply(Ops.reshape(g, mask, -1));
        real = g.node("Squeeze").apply(found, g.integers(0));
        starts = g.node("CumSum").set("exclusive", 1).apply(lengths, g.integer(0));
        Value last = g.node("Sub").apply(ends, g.integer(1));
        slots =
                g.node("Add")
                        .apply(
                                Ops.unsqueeze(g, starts, 1),
                                g.node("Min").apply(Ops.unsqueeze(g, columns, 0), last));
        ids =
                layout == TextLayout.PADDED
                        ? g.node("Gather").apply(Ops.reshape(g, given, -1), real)
                        : given;
    }

    /** Adds the graph's token inputs, see {@link TextLayout}. */
    static TokenRows of(GraphBuilder g, TextLayout layout) {
        return new TokenRows(g, layout);
    }

    /** Token ids, int64 [t]. */
    Value ids() {
        return ids;
    }

    /** Token ids [n, context], each text filled up with a padding token. */
    Value filled(int context, int padding) {
        Value places = g.node("Range").apply(g.integer(0), g.integer(context), g.integer(1));
        Value row = Ops.unsqueeze(g, places, 0);
        Value ends = Ops.unsqueeze(g, lengths, 1);
        Value last = g.node("Sub").apply(ends, g.integer(1));
        Value own =
                g.node("Add").apply(Ops.unsqueeze(g, starts, 1), g.node("Min").apply(row, last));
        Value words = g.node("Gather").apply(ids, own);
        return g.node("Where").apply(g.node("Less").apply(row, ends), words, g.integer(padding));
    }

    /** Place of each token in its text, from 0; int64 [t]. */
    Value positions() {
        return g.node("Mod").apply(real, width);
    }

    @Override
    public Value lengths() {
        return lengths;
    }

    @Override
    public Value pad(Value rows, long k) {
        return g.node("Gather").apply(rows, slots);
    }

    @Override
    public Value unpad(Value sequences, long k) {
        return g.node("Gather").apply(Ops.reshape(g, sequences, -1, k), real);
    }

    /** Mean of each text's rows from its token {@code skip} on: [t, k] to [n, k]. */
    Value mean(Value rows, long k, long skip) {
        Value counted = skip == 0 ? mask : g.node("And").apply(mask, from(skip));
        Value weights = g.node("Cast").set("to", DataType.FLOAT).apply(counted);
        Value sums = g.node("MatMul").apply(Ops.unsqueeze(g, weights, 1), pad(rows, k));
        Value counts = g.node("ReduceSum").set("keepdims", 1).apply(weights, g.integers(1));
        return g.node("Div").apply(g.node("Squeeze").apply(sums, g.integers(1)), counts);
    }

    private Value from(long column) {
        Value counted = g.node("GreaterOrEqual").apply(columns, g.integer(column));
        return Ops.unsqueeze(g, counted, 0);
    }

    /** The first token of each text, int64 [n]. */
    Value first() {
        return starts;
    }

    /** The last token of each text. */
    Selection last() {
        Value ends = g.node("Add").apply(starts, lengths);
        return new Selection(g.node("Sub").apply(ends, g.integer(1)), lengths);
    }

    /** The first token of each text that has its largest id: CLIP's end of text. */
    Selection largest() {
        Value sequences = g.node("Gather").apply(ids, slots);
        Value place = g.node("ArgMax").set("axis", 1).set("keepdims", 0).apply(sequences);
        return new Selection(
                g.node("Add").apply(starts, place), g.node("Add").apply(place, g.integer(1)));
    }
}
