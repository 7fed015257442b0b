package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {

    @Test
    void whatWouldForgeALogLineIsMadeHarmless() {
        assertThat(PrintableText.printable("https://as\n2026-01-01 ERROR \u001b[2Jé"))
                .isEqualTo("https://as?2026-01-01 ERROR ?[2J?");
    }

    @Test
    void aLongOneIsCut() {
        assertThat(PrintableText.printable("x".repeat(5000))).hasSize(200);
    }
}
