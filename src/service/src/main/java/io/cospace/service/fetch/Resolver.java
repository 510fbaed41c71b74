package io.cospace.service.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks host names up. May block. */
interface Resolver {

    List<InetAddress> lookUp(String host) throws UnknownHostException;

    /** The resolver of this machine. */
    static Resolver ofSystem() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
