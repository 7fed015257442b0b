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

    /** An issuer of callers' JWTs besides the one of {@code mp.jwt.verify.*}. */
    interface IssuerConfig {

        /** The {@code iss} of its JWTs. */
        Optional<String> issuer();

        /** Where its keys are; its metadata tells if this is left out. */
        Optional<String> jwks();

        /** One of them has to be in a JWT's {@code aud}; those of {@code mp.jwt.verify.audiences} if left out. */
        Optional<Set<String>> audiences();

        /** By which its JWTs may be signed: RS, PS and ES with 256, 384 or 512, and EdDSA. All of them if left out. */
        Optional<Set<String>> algorithms();
    }
}
