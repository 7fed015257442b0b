package dev.tokenkeep.transit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.jose.PublicKeys;
import dev.tokenkeep.jose.Signer;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.SigningKeys.SigningKey;
import dev.tokenkeep.jose.UnusableKeyException;
import dev.tokenkeep.transit.TransitApi.Key;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes the keys of a client from the versions of a Transit key. */
final class TransitVersions {

    /**
     * How long a version is published before it signs. Authorization servers keep our keys for up to an hour
     * (CONFORMANCE G5). The rest is until every replica has read the version, and no cache has an older answer of ours.
     */
    private static final Duration PUBLISHED_FIRST = Duration.ofMinutes(70);

    private static final String ED25519 = "ed25519";
    private static final String RSA = "rsa-";
    private static final Set<String> TYPES =
            Set.of("ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-3072", "rsa-4096", ED25519);

    private final String name;
    private final Instant now;

    TransitVersions(String name, Instant now) {
        this.name = name;
        this.now = now;
    }

    private record Version(int number, PublicKey publicKey, Instant created) {}

    /**
     * Returns all versions as keys. The newest that has been published long enough signs; if there is none, the oldest,
     * because servers know that one best.
     *
     * @param signers returns the signer of a version
     * @throws UnusableKeyException if the key cannot sign JWTs, or a version cannot be read
     */
    SigningKeys keys(@Nullable Key key, IntFunction<Signer> signers) throws UnusableKeyException {
        if (key == null || key.type() == null || !TYPES.contains(key.type())) {
            throw new UnusableKeyException(
                    "the Transit key " + name
                            + " cannot sign JWTs; use ecdsa-p256, ecdsa-p384, ecdsa-p521, rsa-2048, rsa-3072, rsa-4096 or ed25519");
        }
        List<Version> versions = versions(key.type(), key.versions());
        int lowest = key.minEncryptionVersion();
        List<Version> allowed =
                versions.stream().filter(version -> version.number() >= lowest).toList();
        Version signing = allowed.stream()
                .filter(this::isKnown)
                .reduce((older, newer) -> newer)
                .or(() -> allowed.stream().findFirst())
                .orElseThrow(
                        () -> new UnusableKeyException("the Transit key " + name + " has no version that may sign"));
        List<SigningKey> all = versions.stream()
                .map(version -> new SigningKey(
                        name + "-v" + version.number(),
                        signers.apply(version.number()),
                        version.publicKey(),
                        List.of()))
                .toList();
        return new SigningKeys(all, all.get(versions.indexOf(signing)));
    }

    private boolean isKnown(Version version) {
        return !version.created().isAfter(now.minus(PUBLISHED_FIRST));
    }

    private List<Version> versions(String type, @Nullable Map<String, JsonNode> described) throws UnusableKeyException {
        var versions = new ArrayList<Version>();
        if (described != null) {
            for (Map.Entry<String, JsonNode> one : described.entrySet()) {
                versions.add(version(type, one.getKey(), one.getValue()));
            }
        }
        versions.sort(Comparator.comparingInt(Version::number));
        return versions;
    }

    private Version version(String type, String number, JsonNode described) throws UnusableKeyException {
        try {
            String text = described.path("public_key").asText();
            PublicKey publicKey = type.equals(ED25519)
                    ? PublicKeys.ofEd25519(Base64.getDecoder().decode(text))
                    : PublicKeys.ofPem(text, type.startsWith(RSA));
            return new Version(
                    Integer.parseInt(number),
                    publicKey,
                    OffsetDateTime.parse(described.path("creation_time").asText())
                            .toInstant());
        } catch (GeneralSecurityException | RuntimeException e) {
            // Without its message, which quotes the response.
            throw new UnusableKeyException("the Transit key " + name
                    + " has a version without a public key that can be read; a derived key cannot be used");
        }
    }
}
