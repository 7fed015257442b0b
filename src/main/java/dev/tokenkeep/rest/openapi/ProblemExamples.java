package dev.tokenkeep.rest.openapi;

import dev.tokenkeep.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;

/** An example of each problem, as the API returns it. */
final class ProblemExamples {

    private ProblemExamples() {}

    static Map<String, Object> of(ProblemType type) {
        var example = new LinkedHashMap<String, Object>();
        example.put("type", type.urn());
        example.put("title", type.title());
        example.put("status", type.status());
        switch (type) {
            case INVALID_REQUEST -> {
                example.put("detail", "min_ttl: must be a whole number from 0 to 2147483647.");
                example.put("member", "min_ttl");
            }
            case REAUTHENTICATION_REQUIRED -> {
                example.put(
                        "detail",
                        "Begin a sign-in of this session. Or, once the user has signed in again, PUT the new tokens");
                example.put("code", "invalid_grant");
                session(example);
            }
            case USER_ACTION_REQUIRED -> {
                example.put(
                        "detail",
                        "The authorization server requires an action by the user, such as a second factor or consent");
                example.put("code", "mfa_required");
                session(example);
            }
            default -> example.put("detail", type.title());
        }
        return example;
    }

    private static void session(Map<String, Object> example) {
        example.put("registration", "crm");
        example.put("subject", "alice");
        example.put("session", "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a");
    }
}
