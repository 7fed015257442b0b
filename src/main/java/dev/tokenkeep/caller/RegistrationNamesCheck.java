package dev.tokenkeep.caller;

import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.settings.ConfigViolations;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the names of registrations in a setting, where {@code customer-*} means all that begin so. */
final class RegistrationNamesCheck {

    private static final Pattern BEGINNING = Pattern.compile("[A-Za-z0-9._-]{1,64}\\*");

    private final ConfigViolations violations;
    private final ClientRegistrations known;
    private final boolean mayBeAdded;

    /** @param mayBeAdded whether some caller may add registrations, so that one that is not there may come */
    RegistrationNamesCheck(ConfigViolations violations, ClientRegistrations known, boolean mayBeAdded) {
        this.violations = violations;
        this.known = known;
        this.mayBeAdded = mayBeAdded;
    }

    /** Returns them, with the names that the registrations had before: sessions may still have these. */
    RegistrationNames names(String property, Set<String> written) {
        for (String name : written) {
            boolean beginning = BEGINNING.matcher(name).matches();
            violations.addIf(
                    name.contains(RegistrationNames.ANY_END) && !beginning,
                    property,
                    "'" + name + "': a * may only be the last character, after at least one other, as in customer-*");
            violations.addIf(
                    !beginning && !mayBeAdded && !known.isConfigured(name),
                    property,
                    "there is no registration " + name);
        }
        return RegistrationNames.of(withFormer(written));
    }

    /** Returns these names, and the former ones of the registrations that they mean. */
    Set<String> withFormer(Set<String> written) {
        RegistrationNames names = RegistrationNames.of(written);
        var all = new HashSet<>(written);
        known.presentByFormer().forEach((former, present) -> {
            if (names.has(present)) {
                all.add(former);
            }
        });
        return all;
    }
}
