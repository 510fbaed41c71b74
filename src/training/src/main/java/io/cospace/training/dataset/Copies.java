package io.cospace.training.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Groups of pictures that are copies of each other, directly or over others. Only pictures whose
 * quarters are about as bright are compared: in boxes wider than what copies may differ in, copies
 * lie in one box or in neighbouring ones, so none is missed.
 */
final class Copies {
    private static final int NEIGHBOURS = 81; // 3 to the power of 4 quarters

    private final int[] parents;
    private final List<Look> looks;
    private final int near;

    private Copies(List<Look> looks, int near) {
        this.looks = looks;
        this.near = near;
        parents = IntStream.range(0, looks.size()).toArray();
    }

    /**
     * By picture, the first of its group.
     *
     * @param near how much a colour of a cell may differ, 0..64
     */
    static int[] groups(List<Look> looks, int near) {
        Copies copies = new Copies(looks, near);
        Map<Long, List<Integer>> boxes = new HashMap<>();
        for (int i = 0; i < looks.size(); i++) {
            long box = box(looks.get(i), near);
            for (int n = 0; n < NEIGHBOURS; n++) {
                for (int other : boxes.getOrDefault(box + offset(n), List.of())) {
                    copies.join(i, other);
                }
            }
            boxes.computeIfAbsent(box, b -> new ArrayList<>()).add(i);
        }
        return IntStream.range(0, looks.size()).map(copies::first).toArray();
    }

    /** Sixteen bits a quarter, from 1 so that no neighbour borrows from the next. */
    private static long box(Look look, int near) {
        long box = 0;
        for (double quarter : look.quarters()) {
            box = (box << 16) | (1 + (long) (quarter / (near + 1)));
        }
        return box;
    }

    private static long offset(int neighbour) {
        long offset = 0;
        for (int left = neighbour, quarter = 0; quarter < 4; quarter++, left /= 3) {
            offset += (left % 3 - 1L) << (16 * quarter);
        }
        return offset;
    }

    private void join(int one, int other) {
        int first = first(one);
        int second = first(other);
        if (first != second && looks.get(one).like(looks.get(other), near)) {
            parents[Math.max(first, second)] = Math.min(first, second);
        }
    }

    private int first(int of) {
        int at = of;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }
}
