package io.cospace.service.grpc;

import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.quarkus.grpc.GrpcService;

/**
 * The service as Quarkus' reflection describes it. Its methods are never called: {@link
 * EmbedderRoute} stands before them.
 */
@GrpcService
final class EmbedderDescription extends EmbedderGrpc.EmbedderImplBase {}
