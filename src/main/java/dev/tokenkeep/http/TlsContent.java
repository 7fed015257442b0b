package dev.tokenkeep.http;

import dev.tokenkeep.oauth.S256;
import io.quarkus.tls.TlsConfiguration;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the certificates of a TLS configuration: its own and those that it trusts. */
final class TlsContent {

    private TlsContent() {}

    /** Returns a digest of all of them; null if there are no certificates or they cannot be read. */
    static @Nullable String of(TlsConfiguration tls) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            boolean some = add(tls.getKeyStore(), digest) | add(tls.getTrustStore(), digest);
            return some ? HexFormat.of().formatHex(digest.digest()) : null;
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** Returns why this is no certificate that a client can show now; empty if it is one. */
    static String objection(@Nullable KeyStore store, Instant now) {
        if (store == null) {
            return "has no certificate and key";
        }
        try {
            return own(store).stream()
                    .findFirst()
                    .map(first -> objection(first, now))
                    .orElse("has no certificate and key");
        } catch (GeneralSecurityException e) {
            return "cannot be read";
        }
    }

    private static String objection(X509Certificate own, Instant now) {
        boolean valid = !now.isBefore(own.getNotBefore().toInstant())
                && now.isBefore(own.getNotAfter().toInstant());
        return valid
                ? ""
                : "has a certificate that is valid only from "
                        + own.getNotBefore().toInstant() + " to "
                        + own.getNotAfter().toInstant();
    }

    /** Returns the SHA-256 thumbprints of the client's own certificates, in base64url; none if they cannot be read. */
    static Set<String> thumbprints(KeyStore store) {
        try {
            var thumbprints = new HashSet<String>();
            for (X509Certificate certificate : own(store)) {
                thumbprints.add(S256.of(certificate.getEncoded()));
            }
            return Set.copyOf(thumbprints);
        } catch (GeneralSecurityException e) {
            return Set.of();
        }
    }

    /** Returns the certificates that have a key. */
    private static List<X509Certificate> own(KeyStore store) throws GeneralSecurityException {
        var own = new ArrayList<X509Certificate>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                own.add(certificate);
            }
        }
        return List.copyOf(own);
    }

    private static boolean add(@Nullable KeyStore store, MessageDigest digest) throws GeneralSecurityException {
        if (store == null) {
            return false;
        }
        List<String> aliases =
                Collections.list(store.aliases()).stream().sorted().toList();
        for (String alias : aliases) {
            Certificate certificate = store.getCertificate(alias);
            if (certificate != null) {
                digest.update(certificate.getEncoded());
            }
        }
        return !aliases.isEmpty();
    }
}
