package dev.tokenkeep.refresh;

import io.opentelemetry.api.common.AttributeKey;

/** Attributes of refresh spans. None identifies a subject or a token. A session is identified only by its attempt. */
public final class RefreshAttributes {

    public static final AttributeKey<String> REGISTRATION = AttributeKey.stringKey("tokenkeep.registration");
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("tokenkeep.outcome");
    static final AttributeKey<String> ATTEMPT = AttributeKey.stringKey("tokenkeep.attempt_id");
    static final AttributeKey<Long> VERSION = AttributeKey.longKey("tokenkeep.version");
    static final AttributeKey<Long> SESSIONS = AttributeKey.longKey("tokenkeep.sessions");

    private RefreshAttributes() {}
}
