package dev.tokenkeep.registration.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.jose.JwtSigner;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.SigningKeys.SigningKey;
import dev.tokenkeep.jose.UnusableKeyException;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration.Assertion;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Checks how a client signs the JWTs that it authenticates with (RFC 7523 §2.2). */
record ClientAssertionCheck(String prefix, ConfigViolations violations, ClientKeys clientKeys) {

    private static final Logger LOG = Logger.getLogger(ClientAssertionCheck.class);
    private static final String KEYS = "client-keys";
    private static final String TRANSIT = "client-keys-transit";
    private static final String AUDIENCE = "client-assertion-audience";
    private static final String ALGORITHM = "client-assertion-algorithm";

    /** As an audience: the address that the request goes to. */
    private static final String ENDPOINT = "endpoint";

    /**
     * Returns how the client signs; null if it does not, or if something is wrong.
     *
     * @param method null if it is not known how the client authenticates
     * @param secret null if there is none
     */
    @Nullable
    Assertion assertion(Registration config, @Nullable ClientAuthenticationMethod method, @Nullable Secret secret) {
        if (method == null) {
            return null;
        }
        SigningKeys keys = keys(config, method);
        if (!method.signs()) {
            return null;
        }
        SigningAlgorithm algorithm = algorithm(config, method, keys);
        if (algorithm == null) {
            return null;
        }
        if (keys != null) {
            check(keys.primary(), algorithm);
        }
        violations.addIf(
                algorithm.isBySecret()
                        && secret != null
                        && secret.reveal().getBytes(UTF_8).length < algorithm.secretBytes(),
                prefix + "client-secret",
                "is too short for " + algorithm.registeredName() + ": it needs at least " + algorithm.secretBytes()
                        + " bytes");
        return new Assertion(algorithm, keys, audience(config), config.clientAssertionType());
    }

    private void check(SigningKey key, SigningAlgorithm algorithm) {
        violations.addIf(
                algorithm.fits(key.publicKey()) && !JwtSigner.works(algorithm, key),
                prefix + KEYS,
                "the key " + key.id() + " does not work with " + algorithm.registeredName()
                        + ": its public and private halves do not belong together");
        // No reason not to start: the server may need the key alone, and the new one must be publishable.
        clientKeys
                .expired(key)
                .ifPresent(end ->
                        LOG.warnf("%s: the certificate of the key %s has expired (%s)", prefix + KEYS, key.id(), end));
    }

    private @Nullable SigningKeys keys(Registration config, ClientAuthenticationMethod method) {
        Optional<String> transit = config.clientKeysTransit();
        String key = prefix + (transit.isPresent() ? TRANSIT : KEYS);
        if (method != ClientAuthenticationMethod.PRIVATE_KEY_JWT) {
            violations.addIf(
                    transit.isPresent() || config.clientKeys().isPresent(),
                    key,
                    "needs client-authentication=private_key_jwt");
            return null;
        }
        transit.ifPresent(used -> clientKeys.objections().forEach(violations::add));
        try {
            return clientKeys.read(config.clientKeys(), transit);
        } catch (UnusableKeyException e) {
            violations.add(key, Objects.requireNonNull(e.getMessage()));
            return null;
        }
    }

    private @Nullable SigningAlgorithm algorithm(
            Registration config, ClientAuthenticationMethod method, @Nullable SigningKeys keys) {
        boolean bySecret = method == ClientAuthenticationMethod.CLIENT_SECRET_JWT;
        if (config.clientAssertionAlgorithm().isEmpty()) {
            return bySecret ? SigningAlgorithm.HS256 : keys == null ? null : usual(keys);
        }
        String name = config.clientAssertionAlgorithm().get();
        Optional<SigningAlgorithm> known =
                SigningAlgorithm.named(name).filter(algorithm -> algorithm.isBySecret() == bySecret);
        if (known.isEmpty()) {
            violations.add(
                    prefix + ALGORITHM,
                    "'" + name + "' is not supported with " + method.registeredName() + "; use one of "
                            + SigningAlgorithm.names(bySecret));
            return null;
        }
        violations.addIf(
                keys != null && !known.get().fits(keys.primary().publicKey()),
                prefix + ALGORITHM,
                "the key " + (keys == null ? "" : keys.primary().id()) + " does not fit " + name
                        + " (RSA keys need 2048 bits)");
        return known.get();
    }

    private @Nullable SigningAlgorithm usual(SigningKeys keys) {
        Optional<SigningAlgorithm> usual =
                SigningAlgorithm.usualFor(keys.primary().publicKey());
        violations.addIf(
                usual.isEmpty(),
                prefix + KEYS,
                "the key " + keys.primary().id()
                        + " cannot be used; use RSA with 2048 bits or more, EC P-256, P-384 or P-521, or Ed25519");
        return usual.orElse(null);
    }

    /**
     * Returns the one audience (CONFORMANCE G2, G18); null for the address that the request goes to, which only the
     * operator may choose: another server could use such a JWT there.
     */
    private @Nullable String audience(Registration config) {
        String configured = config.clientAssertionAudience().or(config::issuer).orElse(null);
        violations.addIf(
                configured == null,
                prefix + AUDIENCE,
                "is required, unless there is an issuer; " + ENDPOINT + " stands for the address of each request");
        return ENDPOINT.equals(configured) ? null : configured;
    }
}
