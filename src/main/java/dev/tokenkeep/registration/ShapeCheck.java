package dev.tokenkeep.registration;

import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.registration.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What requests and answers look like where they are not as RFC 6749 has them. */
record ShapeCheck(String prefix, ConfigViolations violations) {

    /** Scopes are of visible characters; letters and digits stand in nearly all of them. */
    private static final Pattern SEPARATOR = Pattern.compile("[\\x20-\\x7E&&[^A-Za-z0-9]]");

    private static final Pattern MEMBER = Pattern.compile("[^\\s.\\p{Cntrl}]{1,64}(\\.[^\\s.\\p{Cntrl}]{1,64}){0,7}");

    RequestFormat requestFormat(String configured) {
        violations.addIf(
                !configured.equals("form") && !configured.equals("json"),
                prefix + "request-format",
                "'" + configured + "' is not supported; form or json");
        return configured.equals("json") ? RequestFormat.JSON : RequestFormat.FORM;
    }

    ResponseShape responseShape(Registration config) {
        Optional<String> separator = config.scopeSeparator();
        violations.addIf(
                separator.isPresent() && !SEPARATOR.matcher(separator.get()).matches(),
                prefix + "scope-separator",
                "must be one character, such as a comma, and neither a letter nor a digit");
        Optional<String> member = config.responseMember();
        violations.addIf(
                member.isPresent() && !MEMBER.matcher(member.get()).matches(),
                prefix + "response-member",
                "must be a member's name, or several with dots between them, such as data.tokens");
        return new ResponseShape(
                member.map(path -> List.of(path.split("\\."))).orElse(List.of()), separator.orElse(null));
    }
}
