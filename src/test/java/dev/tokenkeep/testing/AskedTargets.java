package dev.tokenkeep.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each access token was asked for (RFC 8707). A target that is named {@code unknown} is refused. */
public final class AskedTargets {

    private final Map<String, Map<String, String>> byAccessToken = new ConcurrentHashMap<>();
    private final List<Map<String, String>> requests = new ArrayList<>();

    /** The form of the request that brought this access token. */
    public Map<String, String> of(String accessToken) {
        return byAccessToken.getOrDefault(accessToken, Map.of());
    }

    /** The forms of all requests that name a target, in order. */
    public synchronized List<Map<String, String>> requests() {
        return List.copyOf(requests);
    }

    synchronized boolean refuses(Map<String, String> form) {
        if (form.containsKey("resource") || form.containsKey("audience") || form.containsKey("scope")) {
            requests.add(Map.copyOf(form));
        }
        return form.getOrDefault("resource", "").contains("unknown")
                || form.getOrDefault("audience", "").contains("unknown");
    }

    void issued(String accessToken, Map<String, String> form) {
        byAccessToken.put(accessToken, Map.copyOf(form));
    }
}
