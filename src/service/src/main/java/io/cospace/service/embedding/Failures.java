package io.cospace.service.embedding;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.error.EncoderException;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.error.TextException;
import io.cospace.service.batching.BatchingException;
import io.cospace.service.batching.DroppedException;
import io.cospace.service.batching.RefusedException;
import io.cospace.service.batching.RunFailedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** What was thrown, as the problem that the caller is told. */
final class Failures {

    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    /** Another instance answers at once. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);

    private Failures() {}

    /** The problem behind a throwable; what is no fault of the caller's is logged here, once. */
    static Problem problem(Throwable thrown, Place place, CallContext call) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case ProblemException known -> known.problem();
            case EncoderException known -> problem(known, place);
            case BatchingException known -> problem(known, place, call);
            default -> internal(cause, place);
        };
    }

    private static Problem problem(EncoderException thrown, Place place) {
        String message = String.valueOf(thrown.getMessage());
        return switch (thrown) {
            case ImageException.Unreadable _ -> new Problem.ImageUnreadable(message);
            case ImageException.TooLarge _ -> new Problem.ImageTooLarge(message);
            case ImageException.Unsupported _ -> new Problem.ImageUnsupported(message);
            case TextException.Empty _ -> new Problem.TextEmpty(message);
            case TextException.TooLong _ -> new Problem.TextTooLong(message);
            case TextException.Malformed _ -> Problem.InvalidRequest.at(place.pointer(), message);
            case InferenceException _, BundleException _, DeviceException _ ->
                    internal(thrown, place);
        };
    }

    private static Problem problem(BatchingException thrown, Place place, CallContext call) {
        return switch (thrown) {
            case RefusedException refused ->
                    refused.reason() == RefusedException.Reason.DRAINING
                            ? new Problem.Draining(refused.predictedWait())
                            : new Problem.Overloaded(
                                    String.valueOf(refused.getMessage()), refused.predictedWait());
            case DroppedException dropped ->
                    switch (dropped.reason()) {
                        case LATE -> new Problem.DeadlineExceeded(call.timeout());
                        case DRAINED -> new Problem.Draining(ELSEWHERE);
                    };
            case RunFailedException failed -> internal(failed, place);
        };
    }

    private static Problem internal(Throwable thrown, Place place) {
        LOG.log(Level.ERROR, () -> "item " + place.pointer() + " of a call failed", thrown);
        return new Problem.InferenceFailed(
                "the model could not compute this item; the service's log says why");
    }
}
