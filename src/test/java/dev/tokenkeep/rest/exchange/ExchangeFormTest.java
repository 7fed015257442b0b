package dev.tokenkeep.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The parameters of a token request. */
class ExchangeFormTest {

    private static ExchangeForm form(String body) {
        return ExchangeForm.of(body.getBytes(UTF_8));
    }

    @Test
    void aSemicolonIsPartOfAValue() {
        ExchangeForm form = form("scope=a;subject_token=b&subject_token=c");
        assertThat(form.one("scope")).isEqualTo("a;subject_token=b");
        assertThat(form.one("subject_token")).isEqualTo("c");
    }

    @Test
    void oneHundredParametersAreReadAndMoreAreRefusedRatherThanLeftOut() {
        assertThat(form("a=b&".repeat(99) + "last=read").one("last")).isEqualTo("read");
        assertThatThrownBy(() -> form("a=b&".repeat(100) + "last=lost"))
                .isInstanceOfSatisfying(
                        ExchangeError.Thrown.class,
                        thrown -> assertThat(thrown.error().problem().detail()).contains("more than 100"));
    }

    @Test
    void audiencesAreAsManyAsAreWorthComparing() {
        assertThat(form("audience=a&audience=b&audience=a&audience=").all("audience"))
                .containsExactly("a", "b");
        var ten = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            ten.append("audience=").append(i).append('&');
        }
        assertThat(form(ten.toString()).all("audience")).hasSize(10);
        ExchangeForm eleven = form(ten + "audience=10");
        assertThatThrownBy(() -> eleven.all("audience")).hasMessage("invalid_request");
    }

    /** In an address it would begin what is not sent. */
    @Test
    void aHashSignEndsNothing() {
        ExchangeForm form = form("resource=https://api.example/#x&scope=read");
        assertThat(form.one("scope")).isEqualTo("read");
        assertThat(form.one("resource")).isEqualTo("https://api.example/#x");
    }

    @Test
    void anyOtherParameterIsGivenOnce() {
        ExchangeForm form = form("grant_type=a&grant_type=a");
        assertThatThrownBy(() -> form.one("grant_type")).hasMessage("invalid_request");
        assertThatThrownBy(() -> form("a=%zz")).hasMessage("invalid_request");
        assertThat(form("grant_type=").one("grant_type")).isNull();
    }

    @Test
    void showsNoValues() {
        assertThat(form("subject_token=secret"))
                .asString()
                .contains("subject_token")
                .doesNotContain("secret");
    }
}
