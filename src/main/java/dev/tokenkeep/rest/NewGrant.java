package dev.tokenkeep.rest;

import dev.tokenkeep.oauth.Scopes;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.rest.request.PlainText;
import dev.tokenkeep.rest.request.RequestBody;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tokens are to be asked for with. The parameters can be secrets, so {@link #toString()} prints none of them.
 *
 * @param parameters those of its request, without {@code grant_type}
 */
record NewGrant(ClientGrant type, Map<String, String> parameters) {

    private static final String TYPE = "type";
    private static final String SCOPE = "scope";

    static NewGrant read(RequestBody body) {
        Map<String, String> members = new HashMap<>(body.texts("grant", Secret.MAX_LENGTH));
        ClientGrant type = ClientGrant.of(String.valueOf(members.remove(TYPE)))
                .orElseThrow(() -> RequestBody.invalid("grant.type", "must be one of: " + ClientGrant.types() + "."));
        for (String name : new TreeSet<>(members.keySet())) {
            if (!type.allows(name)) {
                throw RequestBody.invalid("grant." + PlainText.quotable(name), "is no parameter of this grant.");
            }
        }
        for (String name : new TreeSet<>(type.required())) {
            if (!members.containsKey(name)) {
                throw RequestBody.invalid("grant." + name, "is required.");
            }
        }
        String scope = members.get(SCOPE);
        if (scope != null && !Scopes.isValid(scope)) {
            throw RequestBody.invalid("grant.scope", "must be names separated by single spaces.");
        }
        return new NewGrant(type, Map.copyOf(members));
    }

    @Nullable
    String scope() {
        return parameters.get(SCOPE);
    }

    @Override
    public String toString() {
        return "NewGrant[type=" + type + "]";
    }
}
