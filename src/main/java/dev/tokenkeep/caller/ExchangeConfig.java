package dev.tokenkeep.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code tokenkeep.exchange.*}. */
@ConfigMapping(prefix = "tokenkeep.exchange")
public interface ExchangeConfig {

    /** Whether the service has a token endpoint for OAuth clients. */
    @WithDefault("true")
    boolean enabled();

    /** The address that clients know the token endpoint by, without its path; that of the request if left out. */
    Optional<String> issuer();

    /** Those of {@code tokenkeep.issuers}, by their names, whose JWTs may say whose token is wanted; none if left out. */
    Map<String, SubjectIssuerConfig> subjectIssuers();

    /** An issuer of users' JWTs. */
    interface SubjectIssuerConfig {

        /** The registrations whose sessions belong to its users: their {@code subject} is the {@code sub} of a JWT. */
        Optional<Set<String>> registrations();
    }
}
