package io.cospace.service.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that were let in and are not over, so that a drain can tell the long ones and wait for
 * all. Thread-safe; its lock is held for nanoseconds.
 */
final class CallsInside {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();

    /* Guarded by the lock. */
    private final Map<Object, List<Runnable>> calls = new LinkedHashMap<>();
    private boolean draining;

    /** Lets a call in; false: none may come any more. */
    boolean enter(Object call) {
        lock.lock();
        try {
            if (!draining) {
                calls.put(call, new ArrayList<>(0));
            }
            return !draining;
        } finally {
            lock.unlock();
        }
    }

    /** Counts something that a call leaves behind, drain or not; {@link #leave} takes it off. */
    void follow(Object rest) {
        lock.lock();
        try {
            calls.put(rest, new ArrayList<>(0));
        } finally {
            lock.unlock();
        }
    }

    void leave(Object call) {
        lock.lock();
        try {
            calls.remove(call);
            if (calls.isEmpty()) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs an action when the drain begins and the call is still inside; at once when it has. */
    void onDrain(Object call, Runnable action) {
        lock.lock();
        try {
            if (!draining) {
                List<Runnable> actions = calls.get(call);
                if (actions != null) {
                    actions.add(action);
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more, and tells those inside. */
    void drain() {
        List<Runnable> actions = new ArrayList<>();
        lock.lock();
        try {
            draining = true;
            calls.values()
                    .forEach(waiting -> {
                        actions.addAll(waiting);
                        waiting.clear();
                    });
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** Waits until nobody is inside; false: somebody still is at the timeout. */
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (!calls.isEmpty() && left > 0) {
                left = empty.awaitNanos(left);
            }
            return calls.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return calls.size();
        } finally {
            lock.unlock();
        }
    }
}
