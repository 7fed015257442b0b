package dev.tokenkeep.signin.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.FormEncoding;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters of a request, as they are stored: as a form. */
final class Parameters {

    private Parameters() {}

    static @Nullable String written(Map<String, String> parameters) {
        return parameters.isEmpty() ? null : FormEncoding.of(parameters);
    }

    static Map<String, String> read(@Nullable String written) {
        var parameters = new LinkedHashMap<String, String>();
        if (written != null) {
            for (String pair : written.split("&")) {
                int equals = pair.indexOf('=');
                parameters.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return parameters;
    }
}
