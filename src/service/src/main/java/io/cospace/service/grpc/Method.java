package io.cospace.service.grpc;

import io.cospace.service.batching.Priority;

/** A method of the service. */
interface Method {

    /** Whether a call that names no time has the default one. */
    boolean hasDefaultTimeout();

    /** The class of a call that asks for none. */
    Priority defaultPriority();

    /** Begins to read a call that was let in; on its event loop. */
    void start(CallDoor.Arrival arrival);
}
