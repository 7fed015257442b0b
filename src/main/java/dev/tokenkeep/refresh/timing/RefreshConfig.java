package dev.tokenkeep.refresh.timing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** {@code tokenkeep.refresh.*}. */
@ConfigMapping(prefix = "tokenkeep.refresh")
public interface RefreshConfig {

    /** Whether this process runs the job. Reads refresh on demand all the same. */
    @WithDefault("true")
    boolean enabled();

    /** How often the job looks for due sessions; {@code off} for never. */
    @WithDefault("1s")
    String every();

    /** How long before its expiry an access token is refreshed, at most. */
    @WithDefault("5M")
    Duration margin();

    /** The same as a fraction of the access token's lifetime; the shorter of the two counts. */
    @WithDefault("0.25")
    double marginFraction();

    /** How often one of the replicas counts sessions and looks at pauses, for the metrics; {@code off} for never. */
    @WithDefault("15s")
    String countEvery();

    /** How long a claimed session is nobody else's, unless its owner renews it: it does so while it waits for an answer. */
    @WithDefault("8S")
    Duration lease();

    /** How long a reader waits for a refresh. */
    @WithDefault("4S")
    Duration timeout();

    /** When a token request is given up: no sooner than any authorization server and its proxies answer. */
    @WithDefault("60S")
    Duration hardCap();

    /** How many sessions one claim takes at most. */
    @WithDefault("100")
    int batch();

    /** Whether a session is refreshed before its refresh token dies of disuse, though its access token is still good. */
    @WithDefault("false")
    boolean keepAlive();

    /** The job skips sessions that nobody has read for so long; a read refreshes them. Left out: it skips none. */
    Optional<Duration> skipUnreadAfter();

    /** The longest wait after failures in a row. */
    @WithDefault("1M")
    Duration backoffMax();

    /** How long a registration that is refused as a client is left alone. */
    @WithDefault("5M")
    Duration pause();
}
