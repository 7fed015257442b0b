package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.settings.RedirectUris;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApiStartupMessageTest {

    @Test
    void tellsCallersByNameWithTheirPermissions() {
        var callers = List.of(
                caller("shop", Set.of(Permission.TOKENS_READ)), caller("admin", EnumSet.allOf(Permission.class)));
        assertThat(ApiStartupMessage.text(callers))
                .isEqualTo("API: on, callers: admin (tokens:read sessions:read sessions:write sessions:admin"
                        + " registrations:admin), shop (tokens:read)");
    }

    @Test
    void staysALineWithManyCallers() {
        var callers = IntStream.range(0, 300)
                .mapToObj(number -> caller("caller-" + number, Set.of(Permission.TOKENS_READ)))
                .toList();
        assertThat(ApiStartupMessage.text(callers))
                .endsWith("(tokens:read) and 295 more")
                .hasSizeLessThan(300);
    }

    private static Caller caller(String name, Set<Permission> permissions) {
        return new Caller(
                name,
                permissions,
                null,
                Set.of(name),
                64,
                null,
                new RedirectUris(Set.of()),
                new RedirectUris(Set.of()));
    }
}
