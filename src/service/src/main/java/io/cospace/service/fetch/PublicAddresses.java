package io.cospace.service.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which IP addresses belong to the public Internet: what remains when the special-purpose
 * registries of RFC 6890 and the multicast ranges are taken away. IPv6 forms that carry an IPv4
 * address (mapped, compatible, NAT64, 6to4, Teredo) are not public either, since a gateway may lead
 * them anywhere.
 */
final class PublicAddresses {

    private static final List<Block> SPECIAL_4 =
            List.of(
                    Block.of("0.0.0.0", 8), // this network
                    Block.of("10.0.0.0", 8), // private
                    Block.of("100.64.0.0", 10), // carrier-grade NAT
                    Block.of("127.0.0.0", 8), // loopback
                    Block.of("169.254.0.0", 16), // link-local, cloud metadata
                    Block.of("172.16.0.0", 12), // private
                    Block.of("192.0.0.0", 24), // protocol assignments
                    Block.of("192.0.2.0", 24), // documentation
                    Block.of("192.88.99.0", 24), // 6to4 relays
                    Block.of("192.168.0.0", 16), // private
                    Block.of("198.18.0.0", 15), // benchmarks
                    Block.of("198.51.100.0", 24), // documentation
                    Block.of("203.0.113.0", 24), // documentation
                    Block.of("224.0.0.0", 4), // multicast
                    Block.of("240.0.0.0", 4)); // reserved, broadcast

    /** The only range of IPv6 that is assigned for the public Internet. */
    private static final Block GLOBAL_6 = Block.of("2000::", 3);

    private static final List<Block> SPECIAL_6 =
            List.of(
                    Block.of("2001::", 23), // protocol assignments, Teredo
                    Block.of("2001:db8::", 32), // documentation
                    Block.of("2002::", 16), // 6to4
                    Block.of("3fff::", 20)); // documentation

    private PublicAddresses() {}

    /**
     * Whether {@code address} is public. An IPv4-mapped IPv6 address counts as the IPv4 address
     * that Java makes of it.
     */
    static boolean contains(InetAddress address) {
        if (address instanceof Inet4Address) {
            return SPECIAL_4.stream().noneMatch(block -> block.contains(address));
        }
        return GLOBAL_6.contains(address)
                && SPECIAL_6.stream().noneMatch(block -> block.contains(address));
    }

    /** All addresses that share the first {@code bits} bits with {@code prefix}. */
    private record Block(InetAddress prefix, int bits) {

        static Block of(String prefix, int bits) {
            return new Block(InetAddress.ofLiteral(prefix), bits);
        }

        boolean contains(InetAddress address) {
            byte[] wanted = prefix.getAddress();
            byte[] given = address.getAddress();
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (wanted[i] != given[i]) {
                    return false;
                }
            }
            int mask = 0xff00 >> bits % 8 & 0xff;
            return mask == 0 || (wanted[whole] & mask) == (given[whole] & mask);
        }
    }
}
