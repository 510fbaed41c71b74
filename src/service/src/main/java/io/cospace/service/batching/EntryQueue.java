package io.cospace.service.batching;

import org.jspecify.annotations.Nullable;

/** The waiting entries of one lane and class, oldest first; removal from anywhere takes O(1). */
final class EntryQueue<I, O> {

    private @Nullable Entry<I, O> head;
    private @Nullable Entry<I, O> tail;
    private int size;
    private long units;
    private double cost;

    @Nullable Entry<I, O> oldest() {
        return head;
    }

    int size() {
        return size;
    }

    /** Sum of the lengths. */
    long units() {
        return units;
    }

    /** Sum of the predicted milliseconds. */
    double cost() {
        return cost;
    }

    void add(Entry<I, O> entry) {
        entry.previous = tail;
        if (tail == null) {
            head = entry;
        } else {
            tail.next = entry;
        }
        tail = entry;
        size++;
        units += entry.units;
        cost += entry.cost;
    }

    void remove(Entry<I, O> entry) {
        Entry<I, O> before = entry.previous;
        Entry<I, O> after = entry.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        size--;
        units -= entry.units;
        cost = size == 0 ? 0 : cost - entry.cost;
    }
}
