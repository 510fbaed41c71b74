package io.cospace.service.embedding;

import io.cospace.service.admission.Refusal;
import io.cospace.service.admission.RefusalException;

/** What the door refuses, as the problem that the caller is told. */
public final class Refusals {

    private Refusals() {}

    /** The problem of a call that was turned away. */
    public static ProblemException problem(RefusalException thrown) {
        return new ProblemException(
                switch (thrown.refusal()) {
                    case Refusal.Unauthorized refusal -> new Problem.Unauthorized(refusal.detail());
                    case Refusal.RateLimited refusal ->
                            new Problem.RateLimited(refusal.detail(), refusal.retryAfter());
                    case Refusal.Overloaded refusal ->
                            new Problem.Overloaded(refusal.detail(), refusal.retryAfter());
                    case Refusal.Draining refusal -> new Problem.Draining(refusal.retryAfter());
                });
    }
}
