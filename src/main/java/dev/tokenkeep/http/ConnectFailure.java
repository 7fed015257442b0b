package dev.tokenkeep.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names the reasons why a connection failed, as they appear in the session's {@code failure.code} and in the log. */
public final class ConnectFailure {

    static final String CONNECT_FAILED = "connect_failed";
    static final String UNKNOWN_HOST = "unknown_host";
    static final String CONNECTION_REFUSED = "connection_refused";
    static final String UNTRUSTED_CERTIFICATE = "untrusted_certificate";
    static final String TLS_FAILED = "tls_failed";
    static final String PROXY_REFUSED = "proxy_refused";
    public static final String ADDRESS_NOT_ALLOWED = "address_not_allowed";
    /** No connection was tried, because the client's key is in a vault, which does not sign. */
    public static final String CLIENT_KEY_UNAVAILABLE = "client_key_unavailable";

    private static final int DEEPEST = 20;

    private static final Map<String, String> SENTENCES = Map.of(
            CONNECT_FAILED, "no connection in time",
            UNKNOWN_HOST, "its host name cannot be resolved",
            CONNECTION_REFUSED, "nothing listens there",
            UNTRUSTED_CERTIFICATE,
                    "its certificate is for another host, has expired, or is from a certificate authority that is not"
                            + " trusted (tls-configuration)",
            TLS_FAILED, "the TLS handshake failed",
            PROXY_REFUSED, "the proxy refused the request",
            ADDRESS_NOT_ALLOWED, "its address is not public, and tokenkeep.outbound.allowed-networks does not allow it",
            CLIENT_KEY_UNAVAILABLE, "the Transit engine did not sign for the client");

    private ConnectFailure() {}

    /** Returns the code for this exception or its nearest known cause. */
    static String code(Throwable failure) {
        Throwable cause = failure;
        boolean tls = false;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String code = plain(cause);
            if (code != null) {
                return code;
            }
            tls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        return tls ? TLS_FAILED : CONNECT_FAILED;
    }

    private static @Nullable String plain(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return UNKNOWN_HOST;
        }
        if (cause instanceof CertificateException) {
            return UNTRUSTED_CERTIFICATE;
        }
        if (cause instanceof ConnectTimeoutException) {
            return CONNECT_FAILED;
        }
        if (cause instanceof ProxyConnectException) {
            return PROXY_REFUSED;
        }
        return cause instanceof ConnectException ? CONNECTION_REFUSED : null;
    }

    /** Explains a code in words; null if it is not one of the codes above. */
    public static @Nullable String sentence(String code) {
        return SENTENCES.get(code);
    }
}
