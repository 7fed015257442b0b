package dev.tokenkeep.http;

/** Which addresses may be reached, for tests of other packages. */
public final class TestAddresses {

    private TestAddresses() {}

    public static PublicAddresses onlyPublic() {
        return PublicAddresses.and();
    }
}
