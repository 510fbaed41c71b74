package io.cospace.service.grpc;

/**
 * A message as it came.
 *
 * @param compressed whether the bytes are packed as the head of the call says
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(byte[] bytes, boolean compressed) {}
