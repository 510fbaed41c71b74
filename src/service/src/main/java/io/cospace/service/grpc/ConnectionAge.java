package io.cospace.service.grpc;

import java.time.Duration;

/**
 * How long a client keeps to one connection.
 *
 * @param most age from which it is sent away, give or take a tenth; 0 or more, 0: never
 * @param grace longest time from then on for what runs on the connection, more than 0
 */
public record ConnectionAge(Duration most, Duration grace) {

    /** Clients stay as long as they like. */
    public static final ConnectionAge ANY = new ConnectionAge(Duration.ZERO, Duration.ofHours(1));

    boolean isLimited() {
        return most.isPositive();
    }
}
