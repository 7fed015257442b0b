package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegistrationTagsTest {

    private final RegistrationTags tags = new RegistrationTags(() -> 2);

    @Test
    void thoseThatAreUsedFirstHaveTheirOwnNameForGood() {
        assertThat(tags.of("one")).isEqualTo("one");
        assertThat(tags.of("another")).isEqualTo("another");
        assertThat(tags.of("third")).isEqualTo("(other)");
        assertThat(tags.of("one")).isEqualTo("one");
        assertThat(tags.of("third")).isEqualTo("(other)");
    }
}
