package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldTest {

    @Test
    void whatWouldForgeALogLineIsMadeHarmless() {
        assertThat(Told.printable("https://as\n2026-01-01 ERROR \u001b[2Jé"))
                .isEqualTo("https://as?2026-01-01 ERROR ?[2J?");
    }

    @Test
    void aLongOneIsCut() {
        assertThat(Told.printable("x".repeat(5000))).hasSize(200);
    }
}
