package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tokenkeep.testing.Script.Answer;
import dev.tokenkeep.testing.Script.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A strict authorization server on a random loopback port: it checks its client, spends each refresh token by its
 * rotation mode, and can be told to misbehave. Its ledger proves what was spent.
 */
public final class ScriptedAuthorizationServer implements AutoCloseable {

    public static final String CLIENT_ID = "test client";
    public static final String CLIENT_SECRET = "s3cr3t+/:%";

    private final RotationMode mode;
    private final Duration accessTokenLifetime;
    private final Ledger ledger = new Ledger();
    private final TokenFamilies families;
    private final Script script = new Script();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "scripted-authorization-server");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;
    private volatile @Nullable HttpServer server;
    private final IdTokenIssuer idTokens = new IdTokenIssuer();
    private volatile int revocationStatus = 200;
    private final Map<String, Gate> heldRevocations = new ConcurrentHashMap<>();
    private final AtomicInteger revocationRequests = new AtomicInteger();
    private volatile String clientSecret = CLIENT_SECRET;
    private volatile Supplier<Trouble> troubles = () -> Trouble.NONE;
    private final Map<String, Step> ofSubjects = new ConcurrentHashMap<>();
    private volatile Consumer<TokenRequest> log = request -> {};
    private final List<Map<String, String>> grants = new CopyOnWriteArrayList<>();
    private final List<String> clientScopes = new CopyOnWriteArrayList<>();
    private volatile Map<String, List<String>> lastHeaders = Map.of();
    private final AuthorizationCodes codes = new AuthorizationCodes();
    private final DeviceCodes devices = new DeviceCodes();
    private volatile UnaryOperator<Map<String, Object>> signInClaims = claims -> claims;
    private volatile String signInMetadata = "";
    private volatile @Nullable String signInTokens;
    private volatile @Nullable Answer pushAnswer;
    private final Map<String, AssertionVerifier> signingClients = new ConcurrentHashMap<>();
    private final AskedTargets targets = new AskedTargets();
    private final Set<String> publicClients = ConcurrentHashMap.newKeySet();
    /** Made when it is first needed: a process that runs this server alone does not have what verifies proofs. */
    private volatile @Nullable ProofVerifier proofs;

    /** Made when it is first needed, for the same reason. */
    private volatile @Nullable RegisteredClients registered;

    private ScriptedAuthorizationServer(RotationMode mode, Duration accessTokenLifetime) {
        this.mode = mode;
        this.accessTokenLifetime = accessTokenLifetime;
        this.families = new TokenFamilies(ledger, accessTokenLifetime);
        this.port = listen(0);
    }

    public static ScriptedAuthorizationServer start(RotationMode mode, Duration accessTokenLifetime) {
        return new ScriptedAuthorizationServer(mode, accessTokenLifetime);
    }

    private int listen(int wanted) {
        try {
            var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 200);
            http.createContext("/token", exchange -> serve(exchange, this::token));
            http.createContext("/jwks", exchange -> serve(exchange, (jwks, none) -> send(jwks, idTokens.jwks())));
            http.createContext("/par", exchange -> serve(exchange, this::push));
            http.createContext("/device_authorization", exchange -> serve(exchange, this::authorizeDevice));
            http.createContext("/register", exchange -> registered().serve(exchange));
            http.createContext("/revoke", exchange -> serve(exchange, this::revoke));
            http.createContext("/.well-known/openid-configuration", exchange -> serve(exchange, this::metadata));
            http.setExecutor(threads);
            http.start();
            server = http;
            return http.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI issuer() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI tokenEndpoint() {
        return issuer().resolve("/token");
    }

    public URI jwks() {
        return issuer().resolve("/jwks");
    }

    /** Its ID tokens, of which it answers none unless it is told to. */
    public IdTokenIssuer idTokens() {
        return idTokens;
    }

    public URI authorizationEndpoint() {
        return issuer().resolve("/authorize");
    }

    public URI pushedAuthorizationEndpoint() {
        return issuer().resolve("/par");
    }

    public URI deviceAuthorizationEndpoint() {
        return issuer().resolve("/device_authorization");
    }

    public DeviceCodes devices() {
        return devices;
    }

    /** Sign-ins are answered with these tokens, and their ID tokens. */
    public void signInTokens(String json) {
        signInTokens = json;
    }

    /** A client that authenticates with JWTs, and with nothing else. */
    public void signingClient(String clientId, AssertionVerifier verifier) {
        signingClients.put(clientId, verifier);
    }

    /** A client that does not authenticate. */
    public void publicClient(String clientId) {
        publicClients.add(clientId);
    }

    /** How it takes proofs of keys. */
    public synchronized ProofVerifier proofs() {
        ProofVerifier known = proofs;
        if (known == null) {
            known = new ProofVerifier(tokenEndpoint());
            proofs = known;
        }
        return known;
    }

    public URI registrationEndpoint() {
        return issuer().resolve("/register");
    }

    /** The clients that were registered while it runs. */
    public synchronized RegisteredClients registered() {
        RegisteredClients known = registered;
        if (known == null) {
            known = new RegisteredClients();
            registered = known;
        }
        return known;
    }

    /** The codes of sign-ins. */
    public AuthorizationCodes codes() {
        return codes;
    }

    /** What the ID tokens of sign-ins say; null for no ID token. */
    public void signInClaims(UnaryOperator<Map<String, Object>> claims) {
        signInClaims = claims;
    }

    /** More members of its metadata, each after a comma. */
    public void metadata(String members) {
        signInMetadata = members;
    }

    /** Pushed authorization requests are answered so. */
    public void answerPushed(int status, String json, Map<String, String> headers) {
        pushAnswer = new Answer(status, "application/json", json, headers);
    }

    /** The requests that had a token of elsewhere, in order. */
    public List<Map<String, String>> grants() {
        return List.copyOf(grants);
    }

    /** What scopes were asked for with client credentials, in order; empty texts for none. */
    public List<String> clientScopes() {
        return List.copyOf(clientScopes);
    }

    public URI revocationEndpoint() {
        return issuer().resolve("/revoke");
    }

    /** What access tokens were asked for. */
    public AskedTargets targets() {
        return targets;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** As a sign-in would bring it. */
    public IssuedTokens issue(String subject) {
        TokenFamilies.Pair pair = families.newFamily(subject);
        return new IssuedTokens(pair.accessToken(), pair.refreshToken(), accessTokenLifetime.toSeconds());
    }

    public boolean isActive(String accessToken) {
        return families.active(accessToken);
    }

    /** The next token request is held before its refresh token is spent. */
    public Gate holdNextBeforeSpending() {
        var gate = new Gate();
        script.add(new Step(gate, null, null, false));
        return gate;
    }

    /** The next token request's refresh token is spent, its answer held. */
    public Gate holdNextAnswer() {
        var gate = new Gate();
        script.add(new Step(null, null, gate, false));
        return gate;
    }

    /** The next token request is held, and then answered so; nothing is spent. */
    public Gate holdNextAndAnswer(int status, String json) {
        var gate = new Gate();
        script.add(new Step(gate, new Answer(status, "application/json", json, Map.of()), null, false));
        return gate;
    }

    /** The next token request's refresh token is spent, and the connection closed instead of an answer. */
    public void dropNextAfterSpending() {
        script.add(new Step(null, null, null, true));
    }

    public void answerNext(int status, String json) {
        script.add(new Step(null, new Answer(status, "application/json", json, Map.of()), null, false));
    }

    public void answerAlways(int status, String json, Map<String, String> headers) {
        script.always(new Step(null, new Answer(status, "application/json", json, headers), null, false));
    }

    /** Every token request for this subject's sessions is answered so; nothing is spent. */
    public void answerAlwaysFor(String subject, int status, String json) {
        ofSubjects.put(subject, new Step(null, new Answer(status, "application/json", json, Map.of()), null, false));
    }

    /** Every token request for this subject's sessions is held; then its refresh token is spent. */
    public Gate holdAlwaysFor(String subject) {
        var gate = new Gate();
        ofSubjects.put(subject, new Step(gate, null, null, false));
        return gate;
    }

    /** Every revocation request for this subject's tokens is held. */
    public Gate holdRevocationsOf(String subject) {
        var gate = new Gate();
        heldRevocations.put(subject, gate);
        return gate;
    }

    /** Those that came, held or not. */
    public int revocationRequests() {
        return revocationRequests.get();
    }

    /** By the rules again. */
    public void asUsual() {
        ofSubjects.clear();
        heldRevocations.clear();
        script.clear();
        signInClaims = claims -> claims;
        pushAnswer = null;
        signInTokens = null;
        codes.ignorePkce(false);
        idTokens.none();
        revocationStatus = 200;
    }

    /** From now on this one authenticates the client. */
    public void clientSecret(String secret) {
        clientSecret = secret;
    }

    /** Asked at every token request. */
    public void troubles(Supplier<Trouble> source) {
        troubles = source;
    }

    /** Told of every token request, when it is answered. */
    public void log(Consumer<TokenRequest> told) {
        log = told;
    }

    /** Those of the latest token request. */
    public Map<String, List<String>> lastHeaders() {
        return lastHeaders;
    }

    public void revocationAnswers(int status) {
        revocationStatus = status;
    }

    /** Refuses connections until {@link #up}. */
    public void down() {
        HttpServer http = server;
        if (http != null) {
            http.stop(0);
            server = null;
        }
    }

    /** Listens on the same port again. */
    public void up() {
        if (server == null) {
            listen(port);
        }
    }

    @Override
    public void close() {
        down();
        threads.shutdownNow();
    }

    private interface Handler {
        void handle(HttpExchange exchange, Map<String, String> form) throws IOException;
    }

    private static void serve(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            handler.handle(exchange, form(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        }
    }

    private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
        lastHeaders = Map.copyOf(exchange.getRequestHeaders());
        ledger.requested();
        long came = System.currentTimeMillis();
        String subject = families.subject(form.getOrDefault("refresh_token", ""));
        Step step = ofSubjects.getOrDefault(subject.isEmpty() ? incoming(form) : subject, Step.NOTHING);
        if (step == Step.NOTHING) {
            step = script.take();
        }
        Trouble trouble = troubles.get();
        if (step.before() != null) {
            step.before().pass();
        }
        trouble.before();
        Answer answer = answer(exchange, form, step, trouble);
        log.accept(new TokenRequest(
                came,
                System.currentTimeMillis(),
                form.getOrDefault("refresh_token", ""),
                String.valueOf(exchange.getRequestHeaders().getFirst("X-Replica")),
                answer.status(),
                answer.body(),
                trouble));
        if (step.after() != null) {
            step.after().pass();
        }
        trouble.after();
        if (!step.drop() && !trouble.drop()) {
            send(exchange, answer);
        }
    }

    private Answer answer(HttpExchange exchange, Map<String, String> form, Step step, Trouble trouble) {
        if (step.answer() != null) {
            return step.answer();
        }
        Answer byTheRules = trouble.worksOn() ? byTheRules(exchange, form) : json(500, "");
        return trouble.status() == 0 ? byTheRules : json(trouble.status(), "");
    }

    /** What a grant is made of. */
    private static String incoming(Map<String, String> form) {
        return form.getOrDefault("subject_token", form.getOrDefault("assertion", ""));
    }

    private Answer byTheRules(HttpExchange exchange, Map<String, String> form) {
        if (!authenticated(exchange, form)) {
            return json(401, "{\"error\":\"invalid_client\"}");
        }
        List<String> sent = exchange.getRequestHeaders().get("DPoP");
        if (sent == null && proofs == null) {
            return granted(form);
        }
        Answer refusal = proofs().refusal(sent, form, codes.keyOf(form.getOrDefault("code", "")));
        return refusal != null
                ? refusal
                : proofs().bound(granted(form), sent, publicClients.contains(form.get("client_id")));
    }

    private Answer granted(Map<String, String> form) {
        if ("authorization_code".equals(form.get("grant_type"))) {
            return codes.redeem(form)
                    .map(asked -> json(200, signedIn(asked.subject(), asked.parameters())))
                    .orElseGet(() -> json(400, "{\"error\":\"invalid_grant\"}"));
        }
        if ("urn:ietf:params:oauth:grant-type:device_code".equals(form.get("grant_type"))) {
            DeviceCodes.Polled polled = devices.poll(form);
            return polled.subject() == null
                    ? json(400, "{\"error\":\"" + polled.error() + "\"}")
                    : json(200, signedIn(polled.subject(), polled.asked().parameters()));
        }
        if (targets.refuses(form)) {
            return json(400, "{\"error\":\"invalid_target\"}");
        }
        String incoming = incoming(form);
        if (!incoming.isEmpty()) {
            grants.add(Map.copyOf(form));
            return exchanged(incoming, form);
        }
        if ("client_credentials".equals(form.get("grant_type"))) {
            clientScopes.add(form.getOrDefault("scope", ""));
            // With a refresh token, as some servers send one, although RFC 6749 §4.4.3 says they should not.
            return json(200, issue("the client").json());
        }
        if (!"refresh_token".equals(form.get("grant_type")) || !form.containsKey("refresh_token")) {
            return json(400, "{\"error\":\"invalid_request\"}");
        }
        Optional<TokenFamilies.Pair> pair = families.spend(form.get("refresh_token"), mode);
        pair.ifPresent(tokens -> targets.issued(tokens.accessToken(), form));
        return pair.map(tokens -> json(
                        200,
                        idTokens.added(new IssuedTokens(
                                        tokens.accessToken(), tokens.refreshToken(), accessTokenLifetime.toSeconds())
                                .json())))
                .orElseGet(() -> json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"unknown or spent\"}"));
    }

    /** What it is exchanged for has a refresh token if {@code offline_access} is asked for. */
    private Answer exchanged(String incoming, Map<String, String> form) {
        String scope = form.getOrDefault("scope", "");
        if (!incoming.startsWith("token-of-") && !isActive(incoming)) {
            return json(400, "{\"error\":\"invalid_grant\"}");
        }
        IssuedTokens issued = issue(incoming.replaceFirst("^token-of-", ""));
        targets.issued(issued.accessToken(), form);
        return json(
                200,
                scope.contains("offline_access")
                        ? issued.json()
                        : "{\"access_token\":\"" + issued.accessToken() + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                                + issued.expiresIn()
                                + ",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}");
    }

    private String signedIn(String subject, Map<String, String> parameters) {
        String scripted = signInTokens;
        String tokens = scripted == null ? issue(subject).json() : scripted;
        String nonce = parameters.get("nonce");
        boolean openId = nonce != null || (" " + parameters.getOrDefault("scope", "") + " ").contains(" openid ");
        if (!openId) {
            return tokens;
        }
        long now = System.currentTimeMillis() / 1000;
        Map<String, Object> claims = IdTokenIssuer.claims(issuer().toString(), subject, now);
        claims.put("auth_time", now);
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        Map<String, Object> told = signInClaims.apply(claims);
        return told == null
                ? tokens
                : tokens.substring(0, tokens.lastIndexOf('}')) + ",\"id_token\":\"" + idTokens.signedIn(told) + "\"}";
    }

    private void push(HttpExchange exchange, Map<String, String> form) throws IOException {
        Answer scripted = pushAnswer;
        if (scripted != null) {
            send(exchange, scripted);
        } else if (!authenticated(exchange, form) || form.containsKey("request_uri")) {
            send(exchange, json(401, "{\"error\":\"invalid_client\"}"));
        } else {
            send(exchange, json(201, "{\"request_uri\":\"" + codes.push(form) + "\",\"expires_in\":60}"));
        }
    }

    private void authorizeDevice(HttpExchange exchange, Map<String, String> form) throws IOException {
        Answer scripted = pushAnswer;
        if (scripted != null) {
            send(exchange, scripted);
        } else if (!authenticated(exchange, form)) {
            send(exchange, json(401, "{\"error\":\"invalid_client\"}"));
        } else {
            send(exchange, json(200, devices.authorize(form, issuer())));
        }
    }

    private boolean authenticated(HttpExchange exchange, Map<String, String> form) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        RegisteredClients clients = registered;
        if (clients != null && clients.authenticates(header, form)) {
            return true;
        }
        AssertionVerifier signing = signingClients.get(form.getOrDefault("client_id", ""));
        if (signing != null) {
            return signing.accepts(header, form);
        }
        if (header == null && publicClients.contains(form.getOrDefault("client_id", ""))) {
            return !form.containsKey("client_secret");
        }
        if (header == null) {
            return CLIENT_ID.equals(form.get("client_id")) && clientSecret.equals(form.get("client_secret"));
        }
        String[] credentials =
                new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8).split(":", 2);
        return CLIENT_ID.equals(URLDecoder.decode(credentials[0], UTF_8))
                && clientSecret.equals(URLDecoder.decode(credentials[1], UTF_8))
                && !form.containsKey("client_secret");
    }

    private void revoke(HttpExchange exchange, Map<String, String> form) throws IOException {
        revocationRequests.incrementAndGet();
        if (!authenticated(exchange, form)) {
            send(exchange, json(401, "{\"error\":\"invalid_client\"}"));
            return;
        }
        Gate gate = heldRevocations.get(families.subject(form.getOrDefault("token", "")));
        if (gate != null) {
            gate.pass();
        }
        if (revocationStatus == 200) {
            families.revoke(form.getOrDefault("token", ""));
        }
        send(exchange, json(revocationStatus, "{}"));
    }

    private void metadata(HttpExchange exchange, Map<String, String> form) throws IOException {
        send(exchange, json(200, """
                {"issuer":"%s","token_endpoint":"%s","revocation_endpoint":"%s"%s}""".formatted(issuer(), tokenEndpoint(), revocationEndpoint(), signInMetadata)));
    }

    private static Answer json(int status, String body) {
        return new Answer(status, "application/json", body, Map.of());
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> form(String body) {
        var form = new HashMap<String, String>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return form;
    }
}
