package dev.tokenkeep.rest.registrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.oauth.Scopes;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.registration.registering.NewClient;
import dev.tokenkeep.rest.request.PlainText;
import dev.tokenkeep.rest.request.RequestBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How Tokenkeep registers the client of a registration at its authorization server (RFC 7591). */
@RegisterForReflection
@Schema(name = "RegisterClient")
record RegisterClient(
        @JsonProperty("initial_access_token")
        @Schema(
                description =
                        "The authorization server's own token for new clients. Left out where anybody may register."
                                + " It is used once and not stored")
        @Nullable
        String initialAccessToken,

        @JsonProperty("client_name")
        @Schema(
                maxLength = MAX_NAME,
                description = "What users may see as the name of the client; Tokenkeep if left out")
        @Nullable
        String clientName,

        @JsonProperty("scope")
        @Schema(
                description = "The scopes that the client may ask for. If left out, the authorization server decides;"
                        + " the settings' scope is not sent here")
        @Nullable
        String scope,

        @JsonProperty("registration_endpoint")
        @Schema(
                format = "uri",
                description =
                        "Where clients are registered. If left out, the metadata of the authorization server says it")
        @Nullable
        String registrationEndpoint) {

    static final String MEMBER = "register_client";
    private static final String TOKEN = "initial_access_token";
    private static final String NAME = "client_name";
    private static final String SCOPE = "scope";
    private static final String ENDPOINT = "registration_endpoint";
    private static final Set<String> MEMBERS = Set.of(TOKEN, NAME, SCOPE, ENDPOINT);
    private static final String DEFAULT_NAME = "Tokenkeep";
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_NAME = 200;

    static RegisterClient read(RequestBody request) {
        Map<String, String> members = request.texts(MEMBER, MAX_LENGTH);
        for (String name : new TreeSet<>(members.keySet())) {
            if (!MEMBERS.contains(name)) {
                throw invalid(PlainText.quotable(name), "Unknown member; allowed are " + new TreeSet<>(MEMBERS) + ".");
            }
        }
        String token = members.get(TOKEN);
        if (token != null && !Secret.of(token).isVisible()) {
            throw invalid(TOKEN, "must consist of visible ASCII characters.");
        }
        String name = members.get(NAME);
        if (name != null && name.length() > MAX_NAME) {
            throw invalid(NAME, "must have 1 to " + MAX_NAME + " characters.");
        }
        String scope = members.get(SCOPE);
        if (scope != null && !Scopes.isValid(scope)) {
            throw invalid(SCOPE, "must be names separated by single spaces.");
        }
        return new RegisterClient(token, name, scope, members.get(ENDPOINT));
    }

    private static ProblemException invalid(String member, String why) {
        return RequestBody.invalid(MEMBER + "." + member, why);
    }

    /** @param redirectUri that of the hosted callback, if there is one */
    NewClient client(Optional<String> redirectUri) {
        return new NewClient(
                Secret.ofNullable(initialAccessToken),
                Objects.requireNonNullElse(clientName, DEFAULT_NAME),
                scope,
                registrationEndpoint,
                redirectUri.orElse(null));
    }

    /** A secret is among them. */
    @Override
    public String toString() {
        return "[register client]";
    }
}
