package dev.tokenkeep.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses may be reached, for tests. */
public final class TestAddresses {

    private TestAddresses() {}

    public static PublicAddresses onlyPublic() {
        return and();
    }

    /** Public ones and these networks. */
    static PublicAddresses and(String... networks) {
        return new PublicAddresses(List.of(networks), new HostLookups());
    }

    /** Only public ones, and no name is known. */
    static PublicAddresses knowingNoName() {
        return new PublicAddresses(List.of(), new HostLookups(host -> {
            throw new UnknownHostException(host);
        }));
    }

    /** Only public ones, with every name at this address. */
    static PublicAddresses withEveryNameAt(InetAddress... addresses) {
        return new PublicAddresses(List.of(), new HostLookups(host -> addresses));
    }
}
