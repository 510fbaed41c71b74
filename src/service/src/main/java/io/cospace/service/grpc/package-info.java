/**
 * The gRPC transport, on the port of the HTTP API: {@code cospace.v1.Embedder}. Messages are cut
 * out of the stream on the event loop; unpacking, parsing, mapping and serialising are done by the
 * workers, and no generated type goes further in.
 *
 * <p>Health and reflection are Quarkus' own. Its server on the shared port does not carry the calls
 * themselves: it copies what has come of a message with every 16 KiB that follow, so that a message
 * of 32 MiB takes half a minute; it buffers a message without asking; unpacks a compressed one on
 * the event loop without bound; and does not say that a connection broke.
 */
@NullMarked
package io.cospace.service.grpc;

import org.jspecify.annotations.NullMarked;
