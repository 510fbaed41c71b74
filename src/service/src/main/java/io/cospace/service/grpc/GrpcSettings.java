package io.cospace.service.grpc;

/**
 * What the transport has to know.
 *
 * @param version of the service
 */
public record GrpcSettings(String version) {}
