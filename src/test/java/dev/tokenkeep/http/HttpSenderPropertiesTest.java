package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.oauth.RequestFormat;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What holds of all headers that are read and all bodies that are written. */
class HttpSenderPropertiesTest {

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String[] HEADERS = {
        "Retry-After",
        "Date",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Rate-Limit-Reset",
        "RateLimit-Reset",
        "RateLimit",
        "Auth0-Client-Quota-Limit"
    };

    @Property
    @Label("B6: whatever the headers say, the wait is unknown or within an hour")
    void noHeaderSilencesARegistrationForLong(
            @ForAll("headers") Map<String, String> headers, @ForAll("statuses") int status) {
        Duration wait = RetryAfter.of(status, headers::get);

        if (wait != null) {
            assertThat(wait).isBetween(Duration.ZERO, LONGEST);
        }
    }

    @Property
    @Label("B6: a reset in seconds is read as it is")
    void secondsAreSeconds(@ForAll("waits") long seconds) {
        for (String name : new String[] {"Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"}) {
            assertThat(RetryAfter.of(429, Map.of(name, Long.toString(seconds))::get))
                    .isEqualTo(Duration.ofSeconds(seconds));
        }
        assertThat(RetryAfter.of(429, Map.of("RateLimit", "\"default\";r=0;t=" + seconds)::get))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Property
    @Label("A1: what is encoded as a form is decoded to the same")
    void formsComeBackAsTheyWent(@ForAll("parameters") @Size(max = 8) Map<String, String> parameters) {
        String form = RequestBody.of(RequestFormat.FORM, parameters).text();

        assertThat(form).matches("[A-Za-z0-9.*_%+&=-]*");
        var decoded = new LinkedHashMap<String, String>();
        for (String pair : form.isEmpty() ? new String[0] : form.split("&")) {
            String[] both = pair.split("=", 2);
            decoded.put(URLDecoder.decode(both[0], UTF_8), URLDecoder.decode(both[1], UTF_8));
        }
        assertThat(decoded).isEqualTo(parameters);
    }

    @Property
    @Label("C: what is written as JSON is read as the same")
    void jsonComesBackAsItWent(@ForAll("parameters") @Size(max = 8) Map<String, String> parameters) throws IOException {
        byte[] json = RequestBody.of(RequestFormat.JSON, parameters).text().getBytes(UTF_8);

        assertThat(new ObjectMapper().readValue(json, Map.class)).isEqualTo(parameters);
    }

    @Provide
    Arbitrary<Map<String, String>> headers() {
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.longs().map(Objects::toString),
                Arbitraries.longs().map(number -> "\"a\";r=0;t=" + number + ",\"b\";r=0;t=" + number),
                Arbitraries.strings().withChars("rt=;,0123456789 \"").ofMaxLength(30),
                Arbitraries.of("0", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"));
        return Arbitraries.maps(Arbitraries.of(HEADERS), values);
    }

    @Provide
    Arbitrary<Integer> statuses() {
        return Arbitraries.of(200, 400, 403, 429, 500, 503);
    }

    @Provide
    Arbitrary<Long> waits() {
        return Arbitraries.longs().between(0, LONGEST.toSeconds());
    }

    /** Any text that UTF-8 can hold: half a surrogate pair is none. */
    @Provide
    Arbitrary<Map<String, String>> parameters() {
        Arbitrary<String> text = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(30)
                .filter(one -> UTF_8.newEncoder().canEncode(one));
        return Arbitraries.maps(text, text);
    }
}
