package dev.tokenkeep.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a token request (RFC 6749 §3.2). Those without a value count as left out, unknown ones are ignored. */
record ExchangeForm(Map<String, List<String>> parameters) {

    private static final int MAX_PARAMETERS = 100;
    /** Of audiences and resources each: the targets of all registrations are compared with them. */
    private static final int MAX_REPEATED = 10;

    static ExchangeForm of(byte[] body) {
        Map<String, List<String>> parameters;
        try {
            // One more than allowed, because the decoder leaves out what is too many. A semicolon separates nothing,
            // and a hash sign ends nothing, as it does in an address.
            parameters = new QueryStringDecoder(
                            new String(body, UTF_8).replace("#", "%23"), UTF_8, false, MAX_PARAMETERS + 1, true)
                    .parameters();
        } catch (IllegalArgumentException e) {
            throw invalid("body", "is not a form.");
        }
        if (parameters.values().stream().mapToInt(List::size).sum() > MAX_PARAMETERS) {
            throw invalid("body", "has more than " + MAX_PARAMETERS + " parameters.");
        }
        return new ExchangeForm(parameters);
    }

    /** Returns all values of a parameter that may be repeated. */
    List<String> all(String name) {
        List<String> values = values(name);
        if (values.size() > MAX_REPEATED) {
            throw invalid(name, "is given more than " + MAX_REPEATED + " times.");
        }
        return values;
    }

    private List<String> values(String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    /** Returns the only value of any other parameter (RFC 6749 §3.2); null if it was left out. */
    @Nullable
    String one(String name) {
        if (parameters.getOrDefault(name, List.of()).size() > 1) {
            throw invalid(name, "is given more than once.");
        }
        List<String> values = values(name);
        return values.isEmpty() ? null : values.get(0);
    }

    String required(String name) {
        String value = one(name);
        if (value == null) {
            throw invalid(name, "is required.");
        }
        return value;
    }

    private static ExchangeError.Thrown invalid(String parameter, String detail) {
        return ExchangeError.of(ExchangeError.INVALID_REQUEST, parameter, detail);
    }

    /** Tokens are among them. */
    @Override
    public String toString() {
        return "form " + parameters.keySet();
    }
}
