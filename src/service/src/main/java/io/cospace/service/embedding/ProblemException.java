package io.cospace.service.embedding;

import org.jspecify.annotations.Nullable;

/** Carries the problem of a whole call to the transport. Cheap: it has no stack trace. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient @Nullable Place place;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /**
     * @param place the item whose problem fails the call; null when it is no single item's
     */
    public ProblemException(Problem problem, @Nullable Place place) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.place = place;
    }

    public Problem problem() {
        return problem;
    }

    public @Nullable Place place() {
        return place;
    }
}
