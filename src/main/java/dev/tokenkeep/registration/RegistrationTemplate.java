package dev.tokenkeep.registration;

import dev.tokenkeep.registration.ClientRegistration.AccessTokens;
import dev.tokenkeep.registration.ClientRegistration.Assertion;
import dev.tokenkeep.registration.ClientRegistration.Client;
import dev.tokenkeep.registration.ClientRegistration.Origin;
import dev.tokenkeep.registration.ClientRegistration.Server;
import dev.tokenkeep.registration.ClientRegistration.SignIn;
import dev.tokenkeep.registration.ClientRegistration.TokenRequests;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.settings.Replaceable;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registration at a provider where each customer has an address of its own. Sessions give the variables of the address,
 * by the name that they are registered under: {@code zendesk~acme}. To everything else, each such name is a registration
 * of its own, so that one customer's outage does not stop the others (CONFORMANCE L5).
 */
public final class RegistrationTemplate {

    /** Stands between the registration's name and the values. No other name has it. */
    public static final String SEPARATOR = "~";

    private static final String BEFORE = "tokenkeep-variable-";
    private static final String AFTER = "-end";
    private static final Pattern PLACEHOLDER = Pattern.compile(BEFORE + "([a-z]+)" + AFTER);
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Replaceable<ClientRegistration> blank;
    private final SortedMap<String, Pattern> variables;

    /**
     * @param blank has a {@link #placeholder} for each variable
     * @param variables what each value may look like
     */
    public RegistrationTemplate(Replaceable<ClientRegistration> blank, Map<String, Pattern> variables) {
        this.blank = blank;
        this.variables = new TreeMap<>(variables);
    }

    /** Returns what stands for the variable until its value is known. It can be any part of an address. */
    public static String placeholder(String variable) {
        return BEFORE + variable + AFTER;
    }

    /** Returns the text with its variables in braces. */
    public static String readable(String text) {
        return PLACEHOLDER.matcher(text).replaceAll("{$1}");
    }

    /** Returns the name without the values of variables. */
    public static String base(String registration) {
        int end = registration.indexOf(SEPARATOR);
        return end < 0 ? registration : registration.substring(0, end);
    }

    /** Returns the registration as the operator has set it, with placeholders. Nothing may be sent to it. */
    public ClientRegistration blank() {
        return blank.current();
    }

    /** Returns how the name of a session's registration is written, such as {@code zendesk~{subdomain}}. */
    public String pattern() {
        return blank().name()
                + variables.keySet().stream()
                        .map(variable -> SEPARATOR + "{" + variable + "}")
                        .collect(Collectors.joining());
    }

    /** Returns the registration of this name; empty if its values are not as the variables want them. */
    Optional<ClientRegistration> named(String name) {
        List<String> parts = List.of(name.split(SEPARATOR, -1));
        if (parts.size() != variables.size() + 1) {
            return Optional.empty();
        }
        var values = new TreeMap<String, String>();
        int at = 1;
        for (Map.Entry<String, Pattern> variable : variables.entrySet()) {
            String value = parts.get(at++);
            if (!VALUE.matcher(value).matches()
                    || !variable.getValue().matcher(value).matches()) {
                return Optional.empty();
            }
            values.put(placeholder(variable.getKey()), value);
        }
        ClientRegistration registration = filled(blank(), name, text -> {
            String filled = text;
            for (Map.Entry<String, String> value : values.entrySet()) {
                filled = filled.replace(value.getKey(), value.getValue());
            }
            return filled;
        });
        return Optional.of(registration).filter(RegistrationTemplate::isSound);
    }

    /**
     * Returns whether each address is one. A value can spoil a host, such as by a hyphen at its end. Hosts are in lower
     * case, so that a customer has one name.
     */
    private static boolean isSound(ClientRegistration registration) {
        Server server = registration.server();
        SignIn signIn = registration.signIn();
        return Stream.of(
                        server.issuer(),
                        server.tokenEndpoint(),
                        server.refreshEndpoint(),
                        server.revocationEndpoint(),
                        server.jwks(),
                        signIn.authorizationEndpoint(),
                        signIn.pushedRequestEndpoint(),
                        signIn.deviceAuthorizationEndpoint())
                .filter(Objects::nonNull)
                .allMatch(uri -> EndpointCheck.objection(uri).isEmpty()
                        && uri.getHost().equals(uri.getHost().toLowerCase(Locale.ROOT)));
    }

    private static ClientRegistration filled(ClientRegistration blank, String name, UnaryOperator<String> fill) {
        Server server = blank.server();
        Client client = blank.client();
        TokenRequests requests = blank.requests();
        AccessTokens accessTokens = blank.accessTokens();
        SignIn signIn = blank.signIn();
        return new ClientRegistration(
                name,
                new Server(
                        uri(server.issuer(), fill),
                        uri(server.tokenEndpoint(), fill),
                        uri(server.refreshEndpoint(), fill),
                        uri(server.revocationEndpoint(), fill),
                        uri(server.jwks(), fill),
                        server.tlsConfiguration(),
                        server.proxy(),
                        Origin.SESSION),
                new Client(
                        fill.apply(client.id()),
                        client.idParameter(),
                        client.secret(),
                        client.authentication(),
                        client.basic(),
                        assertion(client.assertion(), fill)),
                new TokenRequests(
                        requests.format(),
                        requests.responseShape(),
                        texts(requests.parameters(), fill),
                        texts(requests.headers(), fill),
                        requests.grants()),
                blank.limits(),
                blank.refreshTokens(),
                new AccessTokens(
                        accessTokens.defaultExpiresIn(),
                        accessTokens.dpop(),
                        text(accessTokens.expectedAudience(), fill),
                        targets(accessTokens.targets(), fill)),
                new SignIn(
                        uri(signIn.authorizationEndpoint(), fill),
                        uri(signIn.pushedRequestEndpoint(), fill),
                        signIn.pushed(),
                        uri(signIn.deviceAuthorizationEndpoint(), fill),
                        signIn.verificationUriComplete(),
                        text(signIn.scope(), fill),
                        texts(signIn.parameters(), fill),
                        signIn.callerParameters()));
    }

    private static Map<String, Target> targets(Map<String, Target> targets, UnaryOperator<String> fill) {
        return targets.values().stream()
                .map(target -> new Target(
                        target.name(),
                        target.via(),
                        text(target.scope(), fill),
                        uri(target.resource(), fill),
                        text(target.audience(), fill),
                        text(target.expectedAudience(), fill)))
                .collect(Collectors.toUnmodifiableMap(Target::name, target -> target));
    }

    private static @Nullable Assertion assertion(@Nullable Assertion assertion, UnaryOperator<String> fill) {
        return assertion == null
                ? null
                : new Assertion(
                        assertion.algorithm(), assertion.keys(), text(assertion.audience(), fill), assertion.type());
    }

    private static @Nullable URI uri(@Nullable URI uri, UnaryOperator<String> fill) {
        return uri == null ? null : URI.create(fill.apply(uri.toString()));
    }

    private static @Nullable String text(@Nullable String text, UnaryOperator<String> fill) {
        return text == null ? null : fill.apply(text);
    }

    private static Map<String, String> texts(Map<String, String> texts, UnaryOperator<String> fill) {
        return texts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> fill.apply(one.getValue())));
    }
}
