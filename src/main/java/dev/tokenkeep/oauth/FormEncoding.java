package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;

/** Writes parameters as forms and queries have them (RFC 6749 appendix B). */
public final class FormEncoding {

    private FormEncoding() {}

    /** Returns the parameters in their order: {@code a=1&b=2}. */
    public static String of(Map<String, String> parameters) {
        var form = new StringBuilder();
        parameters.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
        return form.toString();
    }
}
