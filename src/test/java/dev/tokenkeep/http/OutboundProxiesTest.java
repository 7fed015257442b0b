package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests go through which proxy. */
class OutboundProxiesTest {

    private static final URI SERVER = URI.create("https://as.example.com/token");

    @TempDir
    private Path files;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void thereIsNoneUnlessSomethingSaysSo() {
        assertThat(proxies(Map.of()).to(SERVER)).isNull();
        assertThat(proxies(Map.of("HTTPS_PROXY", " ")).to(SERVER)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS_PROXY", "https_proxy"})
    void obeysTheVariablesThatOtherProgramsObey(String variable) {
        OutboundProxies proxies = proxies(
                Map.of(variable, "http://us%65r:p%40ss@proxy.example:3128", "NO_PROXY", "internal.example, .corp"));
        assertThat(proxies.to(SERVER)).isEqualTo(new OutboundProxy("proxy.example", 3128, "user", Secret.of("p@ss")));
        assertThat(proxies.to(URI.create("https://as.internal.example"))).isNull();
        assertThat(proxies.to(URI.create("https://as.corp:8443"))).isNull();
    }

    @Test
    void theSettingComesBeforeTheVariable() {
        OutboundProxies proxies = proxies(Map.of(
                "HTTPS_PROXY", "http://other:1",
                "NO_PROXY", "*",
                "tokenkeep.outbound.proxy", "proxy.example:3128",
                "tokenkeep.outbound.no-proxy", "internal.example"));
        assertThat(proxies.to(SERVER)).isEqualTo(new OutboundProxy("proxy.example", 3128, null, null));
        assertThat(proxies.to(URI.create("https://internal.example"))).isNull();
        assertThat(proxies(Map.of("HTTPS_PROXY", "http://other:1", "tokenkeep.outbound.proxy", "none"))
                        .to(SERVER))
                .isNull();
        assertThat(proxies(Map.of("tokenkeep.outbound.proxy", "proxy.example:1", "NO_PROXY", "as.example.com"))
                        .to(SERVER))
                .isNull();
        assertThat(proxies(Map.of("HTTPS_PROXY", "http://other:1", "tokenkeep.outbound.no-proxy", "as.example.com"))
                        .to(SERVER))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1", "https://127.0.0.1/x", "http://[::1]:80", "https://127.9.9.9"})
    void noneLeadsToTheLoopback(String address) {
        assertThat(proxies(Map.of("HTTPS_PROXY", "http://proxy.example:1")).to(URI.create(address)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, true",
        ".example.com, true",
        "*.example.com, true",
        "EXAMPLE.com, true",
        "as.example.com, true",
        "as.example.com:443, true",
        "as.example.com:8443, false",
        "*, true",
        "ample.com, false",
        "x.as.example.com, false",
        "example, false"
    })
    void hostsAreMatchedByWholeNames(String told, boolean without) {
        assertThat(NoProxy.of(List.of(told)).has("as.example.com", 443)).isEqualTo(without);
    }

    @Test
    void aRegistrationsOwnComesFirst() {
        OutboundProxies proxies = proxies(Map.of("tokenkeep.outbound.proxy", "proxy.example:3128"));
        assertThat(proxies.to(SERVER, TestClientRegistrations.with(Map.of()).destination()))
                .isEqualTo(new OutboundProxy("proxy.example", 3128, null, null));
        assertThat(proxies.to(
                        SERVER,
                        TestClientRegistrations.with(Map.of("proxy", "none")).destination()))
                .isNull();
        assertThat(proxies.to(
                        SERVER,
                        TestClientRegistrations.with(Map.of("proxy", "own.example:8080"))
                                .destination()))
                .isEqualTo(new OutboundProxy("own.example", 8080, null, null));
    }

    @Test
    void credentialsThatAreReplacedAreUsedFromThenOn() throws IOException {
        Path file = Files.writeString(files.resolve("proxy"), "user:one\n");
        OutboundProxies proxies = proxies(Map.of(
                "tokenkeep.outbound.proxy",
                "proxy.example:1",
                "tokenkeep.outbound.proxy-credentials-file",
                file.toString()));
        assertThat(password(proxies.to(SERVER))).isEqualTo("one");
        Files.writeString(file, "user:another");
        assertThat(password(proxies.to(SERVER))).isEqualTo("one");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(password(proxies.to(SERVER))).isEqualTo("another");
        Files.writeString(file, "nonsense");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(password(proxies.to(SERVER))).isEqualTo("another");
        Files.delete(file);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(password(proxies.to(SERVER))).isEqualTo("another");
        Files.writeString(file, "user:third");
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(password(proxies.to(SERVER))).isEqualTo("third");
    }

    private static String password(@Nullable OutboundProxy proxy) {
        return proxy == null || proxy.password() == null ? "" : proxy.password().reveal();
    }

    @ParameterizedTest
    @CsvSource({
        "tokenkeep.outbound.proxy, 'socks5://geheim@proxy:1', 'must be an HTTP proxy'",
        "tokenkeep.outbound.proxy, 'proxy:70000', 'must be host:port'",
        "tokenkeep.outbound.proxy, 'http://geheim:x y@proxy', 'must be host:port'",
        "tokenkeep.outbound.proxy, 'proxy:1/path', 'must be host:port'"
    })
    void refusesWhatIsNoProxyAndQuotesNoCredentials(String key, String value, String message) {
        assertThatThrownBy(() -> proxies(Map.of(key, value)))
                .hasMessageContaining(key + ": " + message)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void aVariableThatOthersUnderstandStopsNoStart() {
        assertThat(proxies(Map.of("HTTPS_PROXY", "https://user:geheim@proxy:1")).to(SERVER))
                .isNull();
    }

    @Test
    void refusesCredentialsWithoutAProxy() {
        assertThatThrownBy(() -> proxies(Map.of("tokenkeep.outbound.proxy-credentials-file", "/file")))
                .hasMessageContaining("tokenkeep.outbound.proxy-credentials-file: is set, but no proxy is");
        assertThatThrownBy(
                        () -> TestClientRegistrations.with(Map.of("proxy", "none", "proxy-credentials-file", "/file")))
                .hasMessageContaining("tokenkeep.registrations.test.proxy-credentials-file: needs a proxy");
    }

    private OutboundProxies proxies(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(OutboundConfig.class)
                .withSources(new PropertiesConfigSource(new HashMap<>(settings), "test", 100))
                .build();
        return new OutboundProxies(config.getConfigMapping(OutboundConfig.class), config, nanos::get);
    }
}
