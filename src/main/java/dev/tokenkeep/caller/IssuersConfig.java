package dev.tokenkeep.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code tokenkeep.issuers.<name>.*}. */
@ConfigMapping(prefix = "tokenkeep.issuers")
interface IssuersConfig {

    @WithParentName
    Map<String, IssuerConfig> issuers();

    /** An issuer of callers' JWTs in addition to that of {@code mp.jwt.verify.*}. */
    interface IssuerConfig {

        /** The {@code iss} of its JWTs. */
        Optional<String> issuer();

        /** The URL of its keys; taken from its metadata if left out. */
        Optional<String> jwks();

        /** A JWT's {@code aud} must have one of these; those of {@code mp.jwt.verify.audiences} if left out. */
        Optional<Set<String>> audiences();

        /** The allowed signature algorithms: RS, PS and ES with 256, 384 or 512, and EdDSA. All of them if left out. */
        Optional<Set<String>> algorithms();
    }
}
