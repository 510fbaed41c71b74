package io.cospace.service.batching;

/** Keeps a listener's exceptions away from the dispatchers: metrics must not stop the work. */
final class SafeListener implements BatchListener {

    private final BatchListener delegate;

    SafeListener(BatchListener delegate) {
        this.delegate = delegate;
    }

    @Override
    public void ran(BatchRun run) {
        quietly(() -> delegate.ran(run));
    }

    @Override
    public void answered(String lane, Priority priority, long queueNanos, long runNanos, int rows) {
        quietly(() -> delegate.answered(lane, priority, queueNanos, runNanos, rows));
    }

    @Override
    public void failed(String lane, Priority priority, Throwable cause) {
        quietly(() -> delegate.failed(lane, priority, cause));
    }

    @Override
    public void refused(String lane, Priority priority, RefusedException.Reason reason, int items) {
        quietly(() -> delegate.refused(lane, priority, reason, items));
    }

    @Override
    public void dropped(String lane, Priority priority, DropReason reason) {
        quietly(() -> delegate.dropped(lane, priority, reason));
    }

    @Override
    public void lookedUp(String lane, Lookup lookup) {
        quietly(() -> delegate.lookedUp(lane, lookup));
    }

    @Override
    public void dispatcherReplaced(int dispatcher, String reason) {
        quietly(() -> delegate.dispatcherReplaced(dispatcher, reason));
    }

    private static void quietly(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException _) {
            // The listener's own failure; it has its own ways to be seen.
        }
    }
}
