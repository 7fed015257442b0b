package dev.tokenkeep.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The grants of the scripted authorization server and its rotation rules. */
final class TokenFamilies {

    /** One token pair. */
    record Pair(String accessToken, String refreshToken, String subject) {}

    private static final class Family {
        final String id;
        final String subject;
        int pairs;
        boolean revoked;
        final Set<String> current = new HashSet<>();
        String previous = "";
        long previousSpentNanos;

        Family(String id, String subject) {
            this.id = id;
            this.subject = subject;
        }
    }

    private final Ledger ledger;
    private final Duration accessTokenLifetime;
    private final Map<String, Family> byRefreshToken = new HashMap<>();
    private final Map<String, Long> accessTokenExpiries = new HashMap<>();
    private final Map<String, Family> byAccessToken = new HashMap<>();

    TokenFamilies(Ledger ledger, Duration accessTokenLifetime) {
        this.ledger = ledger;
        this.accessTokenLifetime = accessTokenLifetime;
    }

    synchronized Pair newFamily(String subject) {
        return pair(new Family(UUID.randomUUID().toString().replace("-", "").substring(0, 16), subject), true);
    }

    /** Empty for {@code invalid_grant}. */
    synchronized Optional<Pair> spend(String refreshToken, RotationMode mode) {
        Family family = byRefreshToken.get(refreshToken);
        ledger.spent(refreshToken);
        if (family == null || family.revoked) {
            return Optional.empty();
        }
        if (family.current.contains(refreshToken)) {
            if (mode.kind() != RotationMode.Kind.NONE) {
                family.current.clear();
                family.previous = refreshToken;
                family.previousSpentNanos = System.nanoTime();
            }
            return Optional.of(refreshed(family, mode, refreshToken));
        }
        boolean inLeeway = mode.kind() == RotationMode.Kind.LEEWAY
                && refreshToken.equals(family.previous)
                && System.nanoTime() - family.previousSpentNanos < mode.leeway().toNanos();
        if (inLeeway) {
            return Optional.of(refreshed(family, mode, refreshToken));
        }
        if (mode.kind() != RotationMode.Kind.REFUSED) {
            family.revoked = true;
            ledger.reused(family.id);
        }
        return Optional.empty();
    }

    private Pair refreshed(Family family, RotationMode mode, String spent) {
        ledger.refreshed(family.id);
        Pair pair = pair(family, mode.kind() != RotationMode.Kind.NONE);
        return pair.refreshToken().isEmpty() ? new Pair(pair.accessToken(), spent, family.subject) : pair;
    }

    private Pair pair(Family family, boolean newRefreshToken) {
        family.pairs++;
        String suffix = family.id + "-" + family.pairs + "-"
                + UUID.randomUUID().toString().replace("-", "");
        // Whoever is served it can see whether it had expired.
        String accessToken = "at-" + suffix + "-" + (System.currentTimeMillis() + accessTokenLifetime.toMillis());
        accessTokenExpiries.put(accessToken, System.nanoTime() + accessTokenLifetime.toNanos());
        byAccessToken.put(accessToken, family);
        if (!newRefreshToken) {
            return new Pair(accessToken, "", family.subject);
        }
        String refreshToken = "rt-" + suffix;
        byRefreshToken.put(refreshToken, family);
        family.current.add(refreshToken);
        ledger.issued(refreshToken, family.id);
        return new Pair(accessToken, refreshToken, family.subject);
    }

    /** Whose it is; of an unknown one nobody's. */
    synchronized String subject(String refreshToken) {
        Family family = byRefreshToken.get(refreshToken);
        return family == null ? "" : family.subject;
    }

    synchronized void revoke(String token) {
        ledger.revoked(token);
        Family family = byRefreshToken.get(token);
        if (family != null) {
            family.revoked = true;
        }
    }

    synchronized boolean active(String accessToken) {
        Family family = byAccessToken.get(accessToken);
        return family != null && !family.revoked && accessTokenExpiries.get(accessToken) > System.nanoTime();
    }
}
