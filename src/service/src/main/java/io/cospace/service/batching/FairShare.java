package io.cospace.service.batching;

/**
 * Shares the dispatchers between the classes 4 : 1 by cost. Guarded by the lock of {@link Engine}.
 */
final class FairShare {

    /*
     * Start-time fair queueing (Goyal, Vin, Cheng: "Start-Time Fair Queueing", SIGCOMM 1996,
     * section 2). Each class has a tag: the cost it has been given, divided by its weight. The class
     * with the smaller tag goes next. A class that comes back from idling starts at the tag in
     * service, so it has saved no credit and owes nothing. Ties go to interactive: beside a saturated
     * bulk stream a first interactive item waits for no more than the batch that runs.
     */

    /** Interactive cost for each unit of bulk cost, while both wait. */
    static final double INTERACTIVE_WEIGHT = 4;

    private final Account interactive = new Account();
    private final Account bulk = new Account();
    private double served;

    private static final class Account {
        private double tag;
        private boolean waits;
    }

    /** The class that goes next; at least one of them waits. */
    Priority next(boolean interactiveWaits, boolean bulkWaits) {
        update(interactive, interactiveWaits);
        update(bulk, bulkWaits);
        boolean first = !bulkWaits || (interactiveWaits && interactive.tag <= bulk.tag);
        return first ? Priority.INTERACTIVE : Priority.BULK;
    }

    private void update(Account account, boolean waits) {
        if (waits && !account.waits) {
            account.tag = Math.max(account.tag, served);
        }
        account.waits = waits;
    }

    /**
     * Accounts for a batch that starts.
     *
     * @param overdue the class has waited past the aging limit: its weight is that of interactive
     */
    void charge(Priority priority, double cost, boolean overdue) {
        Account account = priority == Priority.INTERACTIVE ? interactive : bulk;
        boolean heavy = overdue || priority == Priority.INTERACTIVE;
        served = account.tag;
        account.tag += heavy ? cost / INTERACTIVE_WEIGHT : cost;
    }
}
