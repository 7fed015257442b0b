package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

    @ParameterizedTest
    @DisplayName("J22: private, loopback, link-local, shared, mapped and reserved addresses are not public")
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "ff02::1",
                "2001:db8::1",
                "2001::1",
                "2002:7f00:1::1"
            })
    void refusesSpecialAddresses(String address) throws UnknownHostException {
        assertThat(TestAddresses.and().allow(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.169.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::1"
            })
    void allowsPublicAddresses(String address) throws UnknownHostException {
        assertThat(TestAddresses.and().allow(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void allowsWhatTheOperatorAllows() throws UnknownHostException {
        var some = TestAddresses.and("10.1.0.0/16", "fd00:1::/32");
        assertThat(some.allow(InetAddress.getByName("10.1.255.7"))).isTrue();
        assertThat(some.allow(InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThat(some.allow(InetAddress.getByName("fd00:1::7"))).isTrue();
        assertThat(some.allow(InetAddress.getByName("fd00:2::7"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/a", "example.com/8", "/8", "fd00::/129"})
    void refusesWhatIsNoNetwork(String network) {
        assertThatThrownBy(() -> TestAddresses.and(network))
                .hasMessageContaining("tokenkeep.outbound.allowed-networks")
                .hasMessageContaining("'" + network + "' is not a network");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://10.0.0.1/token",
                "https://[::1]/token",
                "https://[fd00::1]:8443/token",
                "http://localhost:8080/token",
                "https://169.254.169.254/token"
            })
    void objectsToAnAddressThatIsWritten(String url) {
        assertThat(TestAddresses.and().objection(URI.create(url)))
                .hasValueSatisfying(why -> assertThat(why).contains("is not at a public address"));
    }

    /** Whether its address is public is seen once there is a connection. */
    @ParameterizedTest
    @ValueSource(strings = {"https://login.example/token", "https://1.1.1.1/token", "https://[2606:4700::1111]/token"})
    void hasNothingAgainstNamesAndPublicAddresses(String url) {
        assertThat(TestAddresses.and().objection(URI.create(url))).isEmpty();
    }
}
