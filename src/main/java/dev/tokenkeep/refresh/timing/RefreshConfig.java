package dev.tokenkeep.refresh.timing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** {@code tokenkeep.refresh.*}. */
@ConfigMapping(prefix = "tokenkeep.refresh")
public interface RefreshConfig {

    /** Whether this process runs the job. Reads refresh on demand in either case. */
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

    /** How long a claim keeps others away from a session. Its owner renews the lease while it waits for a response. */
    @WithDefault("8S")
    Duration lease();

    /** How long a caller waits for a refresh. */
    @WithDefault("4S")
    Duration timeout();

    /** When a token request is given up. Must not be sooner than any authorization server and its proxies respond. */
    @WithDefault("60S")
    Duration hardCap();

    /** How many sessions one claim takes at most. */
    @WithDefault("100")
    int batch();

    /**
     * Whether a session is refreshed before its refresh token expires from inactivity, even if its access token is
     * still good.
     */
    @WithDefault("false")
    boolean keepAlive();

    /** The job skips sessions that nobody has read for this long; a read refreshes them. If left out, it skips none. */
    Optional<Duration> skipUnreadAfter();

    /** The longest wait after failures in a row. */
    @WithDefault("1M")
    Duration backoffMax();

    /** How long a registration is paused after the authorization server refused its client. */
    @WithDefault("5M")
    Duration pause();
}
