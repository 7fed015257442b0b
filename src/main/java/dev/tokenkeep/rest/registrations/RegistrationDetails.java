package dev.tokenkeep.rest.registrations;

import dev.tokenkeep.operations.RegistrationStatusService;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.added.RegistrationChanges;
import dev.tokenkeep.registration.settings.EffectiveSetting.Source;
import dev.tokenkeep.registration.settings.EffectiveSettings;
import dev.tokenkeep.registration.settings.RegistrationFiles;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Collects what is shown of one registration. */
@ApplicationScoped
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class RegistrationDetails {

    private final RegistrationStatusService registrations;
    private final RegistrationChanges added;
    private final RegistrationFiles files;
    private final EffectiveSettings settings;
    private final ClientRegistrations configured;

    RegistrationDetails(
            RegistrationStatusService registrations,
            RegistrationChanges added,
            RegistrationFiles files,
            EffectiveSettings settings,
            ClientRegistrations configured) {
        this.registrations = registrations;
        this.added = added;
        this.files = files;
        this.settings = settings;
        this.configured = configured;
    }

    /** Returns empty if there is no such registration. */
    Optional<RegistrationDetailsView> of(String name) {
        return registrations
                .find(name)
                .map(state -> RegistrationDetailsView.of(
                        state,
                        added.settings(name)
                                .map(own -> settings.of(name, own, Source.API))
                                .or(() -> files.settings(name).map(own -> settings.of(name, own, Source.CONFIGURATION)))
                                .orElseGet(() -> settings.of(configured.present(name)))));
    }

    static ProblemException notFound() {
        return Problem.of(
                        ProblemType.REGISTRATION_NOT_FOUND,
                        "There is no registration with this name, or the caller may not use it")
                .thrown();
    }
}
