package dev.tokenkeep.registration.added;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationName;
import dev.tokenkeep.registration.added.StoredRegistration.State;
import dev.tokenkeep.registration.settings.RegistrationReader;
import dev.tokenkeep.session.upkeep.SessionsOfRegistration;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Adds, changes and removes registrations in the database. This process knows them when the call is over, the others
 * within two seconds. All methods block.
 */
@ApplicationScoped
public class RegistrationChanges {

    private static final Logger LOG = Logger.getLogger(RegistrationChanges.class);
    /** The end of a removal is no caller's doing. */
    private static final String BY_ITSELF = "";

    private final StoredRegistrations stored;
    private final RegistrationReader reader;
    private final ClientRegistrations registrations;
    private final SessionsOfRegistration sessions;
    private final RegistrationSync sync;

    RegistrationChanges(
            StoredRegistrations stored,
            RegistrationReader reader,
            ClientRegistrations registrations,
            SessionsOfRegistration sessions,
            RegistrationSync sync) {
        this.stored = stored;
        this.reader = reader;
        this.registrations = registrations;
        this.sessions = sessions;
        this.sync = sync;
    }

    /**
     * Adds a registration, or replaces all settings of one. Settings without a client keep the one that Tokenkeep has
     * registered.
     *
     * @param settings by their keys below {@code tokenkeep.registrations.<name>}
     * @param by the caller's name
     */
    @AsksDatabase
    public RegistrationChange put(String name, Map<String, String> settings, String by) {
        if (registrations.isConfigured(name)) {
            return new RegistrationChange.Configured();
        }
        Optional<StoredRegistration> former = RegisteredClient.isKeptBy(settings) ? find(name) : Optional.empty();
        Optional<RegisteredClient> kept = former.flatMap(RegisteredClient::of);
        if (kept.isEmpty()) {
            return change(name, settings, false, by, one -> true).orElseThrow();
        }
        if (!kept.get().isSentToThoseOf(settings)) {
            return new RegistrationChange.Invalid(Map.of(
                    RegisteredClient.ID,
                    "is required, because the client is kept only if no address of its server changes"));
        }
        long version = former.get().version();
        return change(name, kept.get().addedTo(settings), true, by, one -> one.version() == version)
                // Another change came first.
                .orElseGet(() -> put(name, settings, by));
    }

    /**
     * Adds a registration with a client that Tokenkeep has registered for it, if there is none of this name.
     *
     * @param settings with the client
     * @param by the caller's name
     */
    @AsksDatabase
    public RegistrationChange putRegistered(String name, Map<String, String> settings, String by) {
        return registrations.isConfigured(name)
                ? new RegistrationChange.Configured()
                : change(name, settings, true, by, former -> !former.is(State.ACTIVE))
                        .orElseGet(RegistrationChange.HasClient::new);
    }

    /** Returns why no client can be registered for this name now; empty if nothing is known against it. */
    @AsksDatabase
    public Optional<RegistrationChange> objection(String name) {
        if (registrations.isConfigured(name)) {
            return Optional.of(new RegistrationChange.Configured());
        }
        Optional<StoredRegistration> former = find(name);
        if (former.filter(one -> one.is(State.ENDING)).isPresent()) {
            return Optional.of(new RegistrationChange.Ending());
        }
        if (former.filter(one -> one.is(State.ACTIVE)).isPresent()) {
            return Optional.of(new RegistrationChange.HasClient());
        }
        // Also sessions of the operator's registration that had this name.
        return RegistrationName.isValid(name) && !sessions.isEmpty(name)
                ? Optional.of(new RegistrationChange.InUse())
                : Optional.empty();
    }

    private Optional<StoredRegistration> find(String name) {
        return RegistrationName.isValid(name) ? stored.find(name) : Optional.empty();
    }

    /**
     * @param registered whether Tokenkeep has registered the client
     * @param onlyIf what the registration must be like, if there is one; otherwise nothing is changed, and the result is empty
     */
    private Optional<RegistrationChange> change(
            String name,
            Map<String, String> settings,
            boolean registered,
            String by,
            Predicate<StoredRegistration> onlyIf) {
        RegistrationReader.Read read = reader.read(name, settings);
        ClientRegistration registration = read.registration();
        if (registration == null) {
            return Optional.of(new RegistrationChange.Invalid(read.violations()));
        }
        Secret text = SettingsJson.write(settings, registered);
        String destination =
                Objects.requireNonNull(registration.server().origin().destination());
        Optional<RegistrationChange> change = QuarkusTransaction.requiringNew().call(() -> {
            stored.begin();
            Optional<StoredRegistration> former = stored.locked(name);
            return former.filter(onlyIf.negate()).isPresent()
                    ? Optional.empty()
                    : Optional.of(put(name, former, text, destination, by));
        });
        sync.look();
        return change;
    }

    private RegistrationChange put(
            String name, Optional<StoredRegistration> former, Secret settings, String destination, String by) {
        boolean active = former.filter(one -> one.is(State.ACTIVE)).isPresent();
        if (former.filter(one -> one.is(State.ENDING)).isPresent()) {
            return new RegistrationChange.Ending();
        }
        if (active && settings.equals(former.get().settings())) {
            return new RegistrationChange.Put(false);
        }
        boolean same =
                former.filter(one -> one.destination().equals(destination)).isPresent();
        if (!same && !sessions.isEmpty(name)) {
            return new RegistrationChange.InUse();
        }
        stored.put(name, State.ACTIVE, settings, destination, by);
        LOG.infof("Registration %s was %s by caller %s", name, active ? "changed" : "added", by);
        return new RegistrationChange.Put(!active);
    }

    /**
     * Removes a registration. One that the operator has configured meanwhile stays; only what the API had added under its
     * name goes.
     *
     * @param withSessions whether its sessions are removed too and their refresh tokens revoked, in the background;
     *     otherwise they stay, and wait for a registration of this name and the same client
     * @param by the caller's name
     */
    @AsksDatabase
    public RegistrationChange remove(String name, boolean withSessions, String by) {
        if (!RegistrationName.isValid(name)) {
            return new RegistrationChange.NotFound();
        }
        boolean configured = registrations.isConfigured(name);
        RegistrationChange change =
                QuarkusTransaction.requiringNew().call(() -> removed(name, withSessions && !configured, by));
        return synced(
                configured && change instanceof RegistrationChange.NotFound
                        ? new RegistrationChange.Configured()
                        : change);
    }

    private RegistrationChange removed(String name, boolean withSessions, String by) {
        stored.begin();
        Optional<StoredRegistration> found = stored.locked(name)
                .filter(one ->
                        one.is(State.ACTIVE) || (one.is(State.REMOVED) && withSessions && !sessions.isEmpty(name)));
        if (found.isEmpty()) {
            return new RegistrationChange.NotFound();
        }
        if (found.get().keyMissing() && withSessions) {
            return new RegistrationChange.KeyMissing();
        }
        if (!withSessions && RegisteredClient.of(found.get()).isPresent() && !sessions.isEmpty(name)) {
            return new RegistrationChange.OnlyHere();
        }
        stored.put(
                name,
                withSessions ? State.ENDING : State.REMOVED,
                // To revoke refresh tokens takes the client's secret.
                withSessions ? found.get().settings() : null,
                found.get().destination(),
                by);
        LOG.infof("Registration %s was removed%s by caller %s", name, withSessions ? " with its sessions" : "", by);
        return new RegistrationChange.Removed();
    }

    /**
     * Ends the removal of a registration with its sessions, if nothing of them is left. From then on its name is free.
     *
     * @return whether it is over
     */
    @AsksDatabase
    public boolean finish(String name) {
        boolean over = QuarkusTransaction.requiringNew().call(() -> {
            stored.begin();
            Optional<StoredRegistration> ending = stored.locked(name).filter(one -> one.is(State.ENDING));
            if (ending.isEmpty() || !sessions.isEmpty(name)) {
                return false;
            }
            stored.put(name, State.REMOVED, null, ending.get().destination(), BY_ITSELF);
            return true;
        });
        sync.look();
        return over;
    }

    private RegistrationChange synced(RegistrationChange change) {
        sync.look();
        return change;
    }

    /** Returns the settings of a registration that was added; empty if there is none, or its encryption key is missing. */
    @AsksDatabase
    public Optional<Map<String, String>> settings(String name) {
        return registrations.isConfigured(name)
                ? Optional.empty()
                : stored.find(name)
                        .filter(one -> one.is(State.ACTIVE))
                        .map(StoredRegistration::settings)
                        .map(SettingsJson::read);
    }
}
