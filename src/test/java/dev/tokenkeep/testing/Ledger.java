package dev.tokenkeep.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every refresh token the authorization server issued, saw and revoked: what was spent is not a matter of opinion. */
public final class Ledger {

    private final Map<String, String> familyOf = new HashMap<>();
    private final Map<String, Integer> timesSpent = new HashMap<>();
    private final Map<String, Integer> refreshesOfFamily = new HashMap<>();
    private final Set<String> familiesRevokedForReuse = new HashSet<>();
    private final List<String> revocations = new ArrayList<>();
    private int tokenRequests;

    synchronized void issued(String refreshToken, String family) {
        familyOf.put(refreshToken, family);
    }

    synchronized void requested() {
        tokenRequests++;
        notifyAll();
    }

    synchronized void spent(String refreshToken) {
        timesSpent.merge(refreshToken, 1, Integer::sum);
    }

    synchronized void refreshed(String family) {
        refreshesOfFamily.merge(family, 1, Integer::sum);
    }

    synchronized void reused(String family) {
        familiesRevokedForReuse.add(family);
    }

    synchronized void revoked(String token) {
        revocations.add(token);
    }

    /** Requests that reached the token endpoint, whatever became of them. */
    public synchronized int tokenRequests() {
        return tokenRequests;
    }

    public synchronized int timesSpent(String refreshToken) {
        return timesSpent.getOrDefault(refreshToken, 0);
    }

    /** Refresh tokens that came more than once. */
    public synchronized Set<String> spentTwice() {
        var twice = new TreeSet<String>();
        timesSpent.forEach((token, times) -> {
            if (times > 1) {
                twice.add(token);
            }
        });
        return twice;
    }

    public synchronized Set<String> familiesRevokedForReuse() {
        return Set.copyOf(familiesRevokedForReuse);
    }

    /** Successful refreshes of the session that this refresh token began or belongs to. */
    public synchronized int refreshesOf(String refreshToken) {
        return refreshesOfFamily.getOrDefault(familyOf.get(refreshToken), 0);
    }

    /** The tokens that were revoked at the revocation endpoint, in order. */
    public synchronized List<String> revocations() {
        return List.copyOf(revocations);
    }
}
