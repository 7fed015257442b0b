package dev.tokenkeep.rest.registrations;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.added.RegistrationChange;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why a registration could not be added, changed or removed. */
final class RegistrationProblems {

    private static final Duration KEY_RETRY_AFTER = Duration.ofMinutes(1);

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
