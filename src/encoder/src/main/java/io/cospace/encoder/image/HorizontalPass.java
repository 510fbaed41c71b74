package io.cospace.encoder.image;

/**
 * The first pass of a resize, row by row as the second one asks for them: each source row becomes
 * [columns, 3] bytes in a ring that keeps as many rows as the second pass reads at once.
 *
 * <p>Two source rows are worked on together, and two samples share a 64-bit word, 32 bits apart: a
 * product with one weight is then two products. The lower one may borrow from the upper one when it
 * is negative; adding its sign back undoes that, so that both sums are exact.
 */
final class HorizontalPass {
    private static final int SHIFT = ResampleTable.PRECISION_BITS;
    private static final long HALVES = (1L << (SHIFT - 1)) * ((1L << 32) + 1);

    private final byte[] source;
    private final int stride;
    private final int height;
    private final ResizePlan plan;
    private final ResampleScratch scratch;
    private final ResampleTable table;
    private final boolean unchanged;

    /** First and last column that any output of the window reads. */
    private final int firstColumn;

    private final int endColumn;
    private final int values;
    private byte[] ring = new byte[0];
    private int slots;
    private int next;

    HorizontalPass(RgbImage image, ResizePlan plan, ResampleScratch scratch, ResampleTable table) {
        this.source = image.rgb();
        this.stride = image.width() * 3;
        this.height = image.height();
        this.plan = plan;
        this.scratch = scratch;
        this.table = table;
        this.unchanged = image.width() == plan.width();
        int last = table.size() - 1;
        this.firstColumn = table.start(0);
        this.endColumn = table.start(last) + table.count(last);
        this.values = plan.columns() * 3;
    }

    /** Makes room for {@code window} consecutive rows, and one that comes with the last. */
    void keep(int window) {
        slots = window + 1;
        ring = scratch.ring(slots * values);
    }

    /** Makes sure that source rows {@code from} up to {@code end} are done; both never go back. */
    void advance(int from, int end) {
        next = Math.max(next, from);
        while (next < end) {
            if (unchanged) {
                System.arraycopy(
                        source, next * stride + plan.left() * 3, ring, offset(next), values);
                next++;
            } else {
                int second = Math.min(next + 1, height - 1);
                pack(next * stride, second * stride);
                convolve(offset(next), offset(second));
                next = second + 1;
            }
        }
    }

    /** Where the values of a source row begin in {@link #rows}. */
    int offset(int row) {
        return row % slots * values;
    }

    byte[] rows() {
        return ring;
    }

    /** Red and green of the first row, of the second, and the blues of both. */
    private void pack(int first, int second) {
        int columns = endColumn - firstColumn;
        long[] firstRow = scratch.words(0, columns);
        long[] secondRow = scratch.words(1, columns);
        long[] blues = scratch.words(2, columns);
        int a = first + firstColumn * 3;
        int b = second + firstColumn * 3;
        for (int i = 0; i < columns; i++, a += 3, b += 3) {
            firstRow[i] = (source[a] & 0xff) | (source[a + 1] & 0xffL) << 32;
            secondRow[i] = (source[b] & 0xff) | (source[b + 1] & 0xffL) << 32;
            blues[i] = (source[a + 2] & 0xff) | (source[b + 2] & 0xffL) << 32;
        }
    }

    private void convolve(int first, int second) {
        long[] firstRow = scratch.words(0, 0);
        long[] secondRow = scratch.words(1, 0);
        long[] blues = scratch.words(2, 0);
        int[] weights = table.weights();
        for (int x = 0, a = first, b = second; x < table.size(); x++, a += 3, b += 3) {
            int at = table.start(x) - firstColumn;
            int weight = x * table.maxTaps();
            int count = table.count(x);
            long redGreenA = HALVES + weighedSum(firstRow, at, weights, weight, count);
            long redGreenB = HALVES + weighedSum(secondRow, at, weights, weight, count);
            long bluesAB = HALVES + weighedSum(blues, at, weights, weight, count);
            ring[a] = low(redGreenA);
            ring[a + 1] = high(redGreenA);
            ring[a + 2] = low(bluesAB);
            ring[b] = low(redGreenB);
            ring[b + 1] = high(redGreenB);
            ring[b + 2] = high(bluesAB);
        }
    }

    /**
     * The loop that the compiler turns into vector instructions: kept alone and simple for that.
     */
    private static long weighedSum(long[] words, int at, int[] weights, int weight, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += words[at + i] * weights[weight + i];
        }
        return sum;
    }

    private static byte low(long sums) {
        return clamp((int) sums >> SHIFT);
    }

    private static byte high(long sums) {
        return clamp((int) ((sums - (int) sums) >> 32) >> SHIFT);
    }

    private static byte clamp(int value) {
        return (byte) Math.min(Math.max(value, 0), 255);
    }
}
