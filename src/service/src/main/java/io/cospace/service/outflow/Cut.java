package io.cospace.service.outflow;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** Takes from a client that does not read what is held for it. */
final class Cut {

    /** CANCEL of HTTP/2 (RFC 9113, section 7). */
    private static final long CANCEL = 8;

    private static final Buffer PING = Buffer.buffer("unread??");

    /** How long the client of an HTTP/2 connection may take to say that it is there. */
    private static final long PATIENCE_MILLIS = 10_000;

    private Cut() {}

    /**
     * Resets an HTTP/2 stream, whose connection others may use, or closes the connection. The
     * client of an HTTP/2 connection is asked whether it is there: one that reads nothing at all is
     * not, and loses the connection, too.
     */
    static void off(Vertx vertx, HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.version() != HttpVersion.HTTP_2) {
            abort(connection);
            return;
        }
        reset(request, ((ConnectionBase) connection).channelHandlerContext());
        long timer = vertx.setTimer(PATIENCE_MILLIS, _ -> abort(connection));
        connection.ping(PING).onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** As {@link HttpServerResponse#reset}, which does nothing for an answer that is written. */
    private static void reset(HttpServerRequest request, ChannelHandlerContext context) {
        Http2ConnectionHandler http2 = (Http2ConnectionHandler) context.handler();
        ChannelFuture _ =
                http2.encoder()
                        .writeRstStream(context, request.streamId(), CANCEL, context.newPromise());
        context.flush();
    }

    /**
     * Closes a connection at once. {@link HttpConnection#close}, and so the close of the channel
     * that comes by Vert.x' handler, waits until all that is held has been written, so for ever.
     * Without lingering the kernel gives up what it holds, too: the client sees a reset.
     */
    private static void abort(HttpConnection connection) {
        ChannelHandlerContext context = ((ConnectionBase) connection).channelHandlerContext();
        boolean _ = context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ChannelFuture _ = context.close();
    }
}
