package dev.tokenkeep.signin.exchange;

import dev.tokenkeep.authorizationserver.JsonWebKeys;
import dev.tokenkeep.jose.JwkSet.Signature;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.IdTokenClaims;
import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.SignInIdTokenRules;
import dev.tokenkeep.oauth.SignInIdTokenRules.Expected;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Verifies the ID token of a sign-in. Nothing is kept before (CONFORMANCE H7). */
@Singleton
class SignInIdTokenCheck {

    private static final Logger LOG = Logger.getLogger(SignInIdTokenCheck.class);
    private static final String PREFIX = "id_token_";

    private final JsonWebKeys keys;
    private final SessionService sessions;
    private final Clock clock;

    SignInIdTokenCheck(JsonWebKeys keys, SessionService sessions, Clock clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Returns what the ID token has to say, but for the nonce. Blocks on the database. */
    Expected expected(Authorization authorization, ClientRegistration registration, boolean hasKeys) {
        String replaces = authorization.asked().replaces();
        return new Expected(
                Objects.toString(registration.server().issuer(), null),
                registration.client().id(),
                null,
                authorization.checks().maxAge(),
                authorization.checks().acrValues(),
                replaces == null ? null : sessions.subjectAtTheServer(replaces).orElse(null),
                hasKeys);
    }

    /** Returns why the tokens cannot be kept; empty if they can. Does not block, and never completes exceptionally. */
    CompletionStage<Optional<String>> objection(Attempt attempt, TokenResponse response) {
        try {
            return judged(attempt, response);
        } catch (RuntimeException e) {
            // Whatever it is, it must not leave tokens that are neither kept nor revoked.
            LOG.errorf(
                    "Checking an ID token failed unexpectedly: %s", e.getClass().getName());
            return objection("unreadable");
        }
    }

    private CompletionStage<Optional<String>> judged(Attempt attempt, TokenResponse response) {
        Expected expected = attempt.expected();
        Secret idToken = response.idToken();
        if (idToken == null) {
            // A session whose user is known must not be taken over without knowing who signed in.
            return objection(
                    attempt.authorization().asked().isOpenId() || expected.subject() != null ? "missing" : null);
        }
        Optional<IdTokenClaims> claims = IdTokenClaims.read(idToken);
        if (claims.isEmpty()) {
            return objection("unreadable");
        }
        Finding finding =
                SignInIdTokenRules.check(claims.get(), idToken, expected, response.accessToken(), clock.instant());
        if (finding.verdict() != Verdict.VALID) {
            return finding.verdict() == Verdict.OTHER_SUBJECT
                    ? CompletableFuture.completedFuture(Optional.of("other_subject"))
                    : objection(finding.claim());
        }
        if (!expected.hasKeys()) {
            // It came directly from the token endpoint, so TLS may replace the signature check (OpenID Connect Core 1.0
            // §3.1.3.7, 6).
            return objection(null);
        }
        return keys.signatureOnceFetched(attempt.registration(), idToken).thenCompose(SignInIdTokenCheck::verdict);
    }

    private static CompletionStage<Optional<String>> verdict(Signature signature) {
        return objection(
                switch (signature) {
                    case VALID -> null;
                    case UNKNOWN_KEY -> "key_unknown";
                    case INVALID -> "signature";
                });
    }

    private static CompletionStage<Optional<String>> objection(@Nullable String claim) {
        return CompletableFuture.completedFuture(Optional.ofNullable(claim).map(PREFIX::concat));
    }
}
