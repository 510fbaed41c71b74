package io.cospace.service.grpc;

import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.ItemStream;
import io.cospace.service.embedding.Models;

/**
 * {@code EmbedStream}: inputs in, each answered when it is ready. No more than {@value #WINDOW}
 * inputs are between the wire in and the wire out: one more is read when an answer has been
 * written, and answers are written while the client reads. So a client that does not read is not
 * read either, and the memory of a stream is bounded whatever its length.
 */
final class EmbedStream implements Method {

    /** Inputs of one stream that are read and not yet answered. */
    static final int WINDOW = 256;

    private final CallDoor door;
    private final EmbeddingService service;
    private final Models models;

    EmbedStream(CallDoor door, EmbeddingService service, Models models) {
        this.door = door;
        this.service = service;
        this.models = models;
    }

    @Override
    public boolean hasDefaultTimeout() {
        return false;
    }

    @Override
    public Priority defaultPriority() {
        return Priority.BULK;
    }

    @Override
    public void start(CallDoor.Arrival arrival) {
        ItemStream items =
                new ItemStream(
                        service,
                        door.workers(),
                        arrival.permit(),
                        () ->
                                new CallContext(
                                        System.nanoTime(),
                                        door.limits().timeout(),
                                        arrival.permit().priority()));
        WireCall call = arrival.exchange().call();
        call.start(new StreamCall(door, models, arrival, items));
        call.request(1);
    }
}
