package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.oauth.AnsweredResources;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.Target;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the registration and the target that a request means by {@code audience} and {@code resource}. An audience is the name of
 * a registration or of a target, or a target's own audience; a resource is a target's. Their order does not count, and where
 * they can mean several things, none is chosen.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class WantedTokens {

    private final ClientRegistrations registrations;

    WantedTokens(ClientRegistrations registrations) {
        this.registrations = registrations;
    }

    /**
     * What is wanted.
     *
     * @param target null for the session's own access token
     */
    record Wanted(String registration, @Nullable String target) {}

    /** Returns what is wanted of a session of this registration. */
    Wanted of(String registration, ExchangeRequest request) {
        return only(
                registrations.lastRead(registration).stream().flatMap(known -> meant(known, request)),
                request,
                "names neither this session's registration nor one of its targets.");
    }

    /**
     * Returns what is wanted of a user.
     *
     * @param usable whether the caller and the user have to do with the registration of this name
     */
    Wanted of(Predicate<String> usable, ExchangeRequest request) {
        if (request.audiences().isEmpty() && request.resources().isEmpty()) {
            throw ExchangeError.of(
                    ExchangeError.INVALID_TARGET, "audience", "is required with a JWT: the name of a registration.");
        }
        return only(
                candidates(usable, request).flatMap(known -> meant(known, request)),
                request,
                "names no registration and no target that this caller may use for this user.");
    }

    /** Where registrations are named, others do not count. */
    private Stream<ClientRegistration> candidates(Predicate<String> usable, ExchangeRequest request) {
        List<ClientRegistration> named = request.audiences().stream()
                .filter(usable)
                .flatMap(audience -> registrations.lastRead(audience).stream())
                .toList();
        return named.isEmpty()
                ? registrations.names().stream()
                        .filter(usable)
                        .filter(name -> isPresent(name, usable))
                        .flatMap(name -> registrations.lastRead(name).stream())
                : named.stream();
    }

    /** Whether it is not a former name of a registration that counts itself. */
    private boolean isPresent(String name, Predicate<String> usable) {
        String present = registrations.present(name);
        return present.equals(name) || !usable.test(present);
    }

    private static Wanted only(Stream<Wanted> found, ExchangeRequest request, String none) {
        List<Wanted> some = found.limit(2).toList();
        if (some.size() == 1) {
            return some.get(0);
        }
        throw ExchangeError.of(
                ExchangeError.INVALID_TARGET,
                request.audiences().isEmpty() ? "resource" : "audience",
                some.isEmpty()
                        ? none
                        : "means several targets: give the name of a registration and of one of its targets.");
    }

    /** Returns what all audiences and resources together can mean at this registration. */
    private Stream<Wanted> meant(ClientRegistration registration, ExchangeRequest request) {
        List<String> others = request.audiences().stream()
                .filter(audience -> !registrations.present(audience).equals(registrations.present(registration.name())))
                .toList();
        if (others.isEmpty() && request.resources().isEmpty()) {
            return Stream.of(new Wanted(registration.name(), null));
        }
        return registration.accessTokens().targets().values().stream()
                .filter(target -> others.stream().allMatch(audience -> isFor(target, audience)))
                .filter(target -> request.resources().stream().allMatch(resource -> isAt(target, resource)))
                .map(target -> new Wanted(registration.name(), target.name()));
    }

    private static boolean isFor(Target target, String audience) {
        return audience.equals(target.name()) || audience.equals(target.audience());
    }

    private static boolean isAt(Target target, String resource) {
        return target.resource() != null && AnsweredResources.isSame(resource, target.resource());
    }
}
