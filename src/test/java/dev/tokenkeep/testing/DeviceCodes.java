package dev.tokenkeep.testing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The device codes of an authorization server (RFC 8628). Each becomes tokens once. */
public final class DeviceCodes {

    private final Map<String, Asked> open = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private final List<String> polls = new CopyOnWriteArrayList<>();
    private final List<String> redeemed = new CopyOnWriteArrayList<>();
    private volatile String members = "";

    /** What was asked for, and by which code the user knows it. */
    public record Asked(String userCode, Map<String, String> parameters) {}

    /** A response to a poll: whom to give tokens to, or the error. */
    record Polled(
            @Nullable String subject,
            @Nullable Asked asked,
            @Nullable String error) {}

    /** More members of its responses, each after a comma; the last of a name counts. */
    public void members(String more) {
        members = more;
    }

    String authorize(Map<String, String> form, URI issuer) {
        String deviceCode = "device-" + UUID.randomUUID();
        String userCode = UUID.randomUUID().toString().substring(0, 8);
        open.put(deviceCode, new Asked(userCode, Map.copyOf(form)));
        return """
                {"device_code":"%s","user_code":"%s","verification_uri":"%s/device",
                "verification_uri_complete":"%s/device?user_code=%s","expires_in":600,"interval":5%s}""".formatted(deviceCode, userCode, issuer, issuer, userCode, members);
    }

    /** The user enters the code, signs in and consents. */
    public void approve(String userCode, String subject) {
        users.put(deviceCode(userCode), subject);
    }

    /** From now on a poll of this user's device is answered with this error. */
    public void answer(String userCode, String error) {
        errors.put(deviceCode(userCode), error);
    }

    public Map<String, String> parameters(String userCode) {
        return open.get(deviceCode(userCode)).parameters();
    }

    public String deviceCode(String userCode) {
        return open.entrySet().stream()
                .filter(one -> one.getValue().userCode().equals(userCode))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** How often this user's device code was sent. */
    public long polls(String userCode) {
        String deviceCode = deviceCode(userCode);
        return polls.stream().filter(deviceCode::equals).count();
    }

    Polled poll(Map<String, String> form) {
        String deviceCode = form.getOrDefault("device_code", "");
        polls.add(deviceCode);
        Asked asked = open.get(deviceCode);
        String error = errors.get(deviceCode);
        if (error != null) {
            return new Polled(null, null, error);
        }
        if (asked == null || redeemed.contains(deviceCode)) {
            return new Polled(null, null, "invalid_grant");
        }
        String subject = users.get(deviceCode);
        if (subject == null) {
            return new Polled(null, null, "authorization_pending");
        }
        redeemed.add(deviceCode);
        return new Polled(subject, asked, null);
    }
}
