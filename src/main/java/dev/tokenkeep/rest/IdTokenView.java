package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.IdToken;
import java.io.IOException;
import java.util.Base64;

/** An ID token and what it claims, as the authorization server answered it. */
final class IdTokenView {

    private static final ObjectMapper JSON = new ObjectMapper();

    private IdTokenView() {}

    static ObjectNode of(IdToken idToken) {
        Secret value = idToken.value();
        if (value == null) {
            throw new ProblemException(Problem.of(
                    404,
                    "id-token-not-found",
                    "The session has no ID token",
                    "The authorization server never answered one: is the scope openid granted?"));
        }
        ObjectNode view = JSON.createObjectNode().put("id_token", value.reveal());
        String[] parts = value.reveal().split("\\.", -1);
        if (parts.length == 3) {
            try {
                view.set(
                        "claims",
                        JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)));
            } catch (IOException | IllegalArgumentException e) {
                // An encrypted or odd ID token is handed out as it is, without its claims.
                view.remove("claims");
            }
        }
        return view;
    }
}
