package dev.tokenkeep.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/** A key with a certificate that it has signed itself, good for a day: for 127.0.0.1 and {@link #NAME}. */
public record TestCertificate(KeyStore store) {

    /** No resolver knows it. */
    public static final String NAME = "as.example";

    static final String PASSWORD = "changeit";
    private static final String ALIAS = "as";

    public static TestCertificate valid() throws IOException, GeneralSecurityException, InterruptedException {
        Path directory = Files.createTempDirectory("self-signed");
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1,dns:" + NAME,
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.delete(file);
        Files.delete(directory);
        return new TestCertificate(keys);
    }

    public X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate(ALIAS);
    }

    public KeyPair pair() throws GeneralSecurityException {
        return new KeyPair(certificate().getPublicKey(), (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()));
    }

    public String pem() throws GeneralSecurityException {
        try {
            return PemKeys.pem("CERTIFICATE", certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    public String keyPem() throws GeneralSecurityException {
        return PemKeys.pem("PRIVATE KEY", pair().getPrivate().getEncoded());
    }
}
