package io.cospace.service.batching;

/**
 * Shares the dispatchers between the classes 4 : 1 by cost. Guarded by the lock of {@link
 * Dispatchers}.
 */
final class FairShare {

    /*
     * Start-time fair queueing (Goyal, Vin, Cheng: "Start-Time Fair Queueing", SIGCOMM 1996,
     * section 2). Each class has a tag: the cost it has been given, divided by its weight. The class
     * with the smaller tag goes next. A class that was idle starts at the tag in service, so it
     * neither saves up credit nor pays for the past. Ties go to interactive: beside a saturated bulk
     * stream a first interactive item waits for no more than the batch that runs.
     */

    /** Interactive cost for each unit of bulk cost, while both wait. */
    static final double INTERACTIVE_WEIGHT = 4;

    private double interactiveTag;
    private double bulkTag;
    private double served;

    /** Says that a class without waiting entries gets one. */
    void activate(Priority priority) {
        switch (priority) {
            case INTERACTIVE -> interactiveTag = Math.max(interactiveTag, served);
            case BULK -> bulkTag = Math.max(bulkTag, served);
        }
    }

    /** The class that goes next, when both have work. */
    Priority next() {
        return interactiveTag <= bulkTag ? Priority.INTERACTIVE : Priority.BULK;
    }

    /**
     * Accounts for a batch that starts.
     *
     * @param overdue the class has waited past the aging limit: its weight is that of interactive
     */
    void charge(Priority priority, double cost, boolean overdue) {
        switch (priority) {
            case INTERACTIVE -> {
                served = interactiveTag;
                interactiveTag += cost / INTERACTIVE_WEIGHT;
            }
            case BULK -> {
                served = bulkTag;
                bulkTag += cost / (overdue ? INTERACTIVE_WEIGHT : 1);
            }
        }
    }
}
