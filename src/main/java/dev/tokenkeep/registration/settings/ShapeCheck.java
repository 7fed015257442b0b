package dev.tokenkeep.registration.settings;

import dev.tokenkeep.oauth.ErrorRule;
import dev.tokenkeep.oauth.ErrorRule.Meaning;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.registration.settings.RegistrationsConfig.Registration;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks the settings for requests and responses that differ from RFC 6749. */
record ShapeCheck(String prefix, ConfigViolations violations) {

    /**
     * Scopes consist of visible characters. Nearly all of them contain letters and digits, so these cannot separate
     * scopes.
     */
    private static final Pattern SEPARATOR = Pattern.compile("[\\x20-\\x7E&&[^A-Za-z0-9]]");

    private static final Pattern MEMBER = Pattern.compile("[^\\s.\\p{Cntrl}]{1,64}(\\.[^\\s.\\p{Cntrl}]{1,64}){0,7}");

    RequestFormat requestFormat(String configured) {
        violations.addIf(
                !configured.equals("form") && !configured.equals("json"),
                prefix + "request-format",
                "'" + configured + "' is not supported; use form or json");
        return configured.equals("json") ? RequestFormat.JSON : RequestFormat.FORM;
    }

    ResponseShape responseShape(Registration config) {
        Optional<String> separator = config.scopeSeparator();
        violations.addIf(
                separator.isPresent() && !SEPARATOR.matcher(separator.get()).matches(),
                prefix + "scope-separator",
                "must be one character, such as a comma, but not a letter or a digit");
        Optional<String> member = config.responseMember();
        violations.addIf(
                member.isPresent() && !MEMBER.matcher(member.get()).matches(),
                prefix + "response-member",
                "must be the name of a member, or a path of names with dots between them, such as data.tokens");
        return new ResponseShape(
                member.map(path -> List.of(path.split("\\."))).orElse(List.of()),
                separator.orElse(null),
                errors(config));
    }

    private List<ErrorRule> errors(Registration config) {
        var byMeaning = new HashMap<String, Set<String>>();
        // A variable cannot have a hyphen in its name, and SmallRye Config makes a dot of what stands there.
        config.errors().forEach((name, texts) -> byMeaning.put(name.replace('.', '-'), texts));
        var rules = new ArrayList<ErrorRule>();
        for (Meaning meaning : Meaning.values()) {
            for (String text : byMeaning.getOrDefault(meaning.setting(), Set.of())) {
                ErrorRule.of(text, meaning)
                        .ifPresentOrElse(
                                rules::add,
                                () -> violations.add(
                                        prefix + "errors." + meaning.setting(),
                                        "must be a list of error codes, or of members with their values, such as"
                                                + " /errors/0/type=expired"));
            }
        }
        Set<String> meanings =
                Arrays.stream(Meaning.values()).map(Meaning::setting).collect(Collectors.toSet());
        byMeaning.keySet().stream()
                .filter(name -> !meanings.contains(name))
                .forEach(name -> violations.add(
                        prefix + "errors." + name, "there is no such meaning; use one of " + new TreeSet<>(meanings)));
        // A member tells more than a code.
        rules.sort(Comparator.comparing(rule -> rule.member() == null));
        return rules;
    }
}
