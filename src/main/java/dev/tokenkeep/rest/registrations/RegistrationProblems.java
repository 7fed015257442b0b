package dev.tokenkeep.rest.registrations;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.added.RegistrationChange;
import dev.tokenkeep.registration.registering.ClientRegistrationResult;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why a registration could not be added, changed or removed. */
final class RegistrationProblems {

    private static final Duration KEY_RETRY_AFTER = Duration.ofMinutes(1);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);
    private static final String CODE = "code";

    private RegistrationProblems() {}

    /** @param settings those that were sent */
    static ProblemException of(RegistrationChange change, NewSettings settings) {
        if (change instanceof RegistrationChange.Invalid invalid) {
            return invalid(invalid.violations(), settings.settings());
        }
        if (change instanceof RegistrationChange.Configured) {
            return Problem.of(
                            ProblemType.REGISTRATION_CONFIGURED,
                            "The operator has configured it, so the API cannot change it")
                    .thrown();
        }
        if (change instanceof RegistrationChange.InUse) {
            return Problem.of(
                            ProblemType.REGISTRATION_IN_USE,
                            "There are sessions of this name that were not registered with this client and these addresses,"
                                    + " or refresh tokens that wait to be revoked. Remove the sessions and wait, or use"
                                    + " another name")
                    .thrown();
        }
        if (change instanceof RegistrationChange.HasClient) {
            return Problem.of(
                            ProblemType.REGISTRATION_IN_USE,
                            "It has a client already. To change its settings, PUT them without register_client; a client that"
                                    + " was registered so is kept if client-id is left out")
                    .thrown();
        }
        if (change instanceof RegistrationChange.OnlyHere) {
            return Problem.of(
                            ProblemType.REGISTRATION_IN_USE,
                            "It has sessions, and only Tokenkeep knows the secret of its client, which would be deleted. Use"
                                    + " sessions=remove, or remove the sessions first")
                    .thrown();
        }
        if (change instanceof RegistrationChange.KeyMissing) {
            return Problem.of(
                            ProblemType.KEY_UNAVAILABLE,
                            "The encryption key of its settings is not in the key directory of this replica, and it takes the"
                                    + " client's secret to revoke refresh tokens")
                    .retryAfter(KEY_RETRY_AFTER)
                    .thrown();
        }
        if (change instanceof RegistrationChange.Ending) {
            return Problem.of(
                            ProblemType.REGISTRATION_IN_USE,
                            "It is being removed with its sessions. Try again when that is over, or use another name")
                    .thrown();
        }
        return RegistrationDetails.notFound();
    }

    /** @param result any but {@link ClientRegistrationResult.Done} */
    static ProblemException of(ClientRegistrationResult result) {
        if (result instanceof ClientRegistrationResult.Invalid invalid) {
            return Problem.invalid(invalid.member(), invalid.member() + ": " + invalid.why() + ".")
                    .thrown();
        }
        if (result instanceof ClientRegistrationResult.Refused refused) {
            return Problem.of(
                            ProblemType.CLIENT_REGISTRATION_REFUSED,
                            "Nothing was stored. The authorization server's answer: " + refused.code())
                    .with(CODE, refused.code())
                    .thrown();
        }
        var unavailable = (ClientRegistrationResult.Unavailable) result;
        return Problem.of(
                        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                        "No client was registered, as far as is known, and nothing was stored; repeat the same call.")
                .with(CODE, unavailable.code())
                .retryAfter(Objects.requireNonNullElse(unavailable.retryAfter(), DEFAULT_RETRY_AFTER))
                .thrown();
    }

    private static ProblemException invalid(Map<String, String> violations, Map<String, String> sent) {
        String detail = violations.entrySet().stream()
                .map(one -> member(one.getKey()) + ": " + unquoted(one.getValue(), sent.get(one.getKey())))
                .collect(Collectors.joining("; "));
        return Problem.invalid(member(violations.keySet().iterator().next()), detail + ".")
                .thrown();
    }

    private static String member(String key) {
        return key.equals("name") || key.equals(NewSettings.SETTINGS) ? key : NewSettings.SETTINGS + "." + key;
    }

    /** Returns the text without the value that was sent: a secret may be in the wrong place. */
    private static String unquoted(String text, @Nullable String value) {
        return value == null || value.isBlank()
                ? text
                : text.replaceAll("'?(?<![\\w-])" + Pattern.quote(value) + "(?![\\w-])'?", "'…'");
    }
}
