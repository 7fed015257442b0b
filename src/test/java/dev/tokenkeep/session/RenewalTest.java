package dev.tokenkeep.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.Secret;
import org.junit.jupiter.api.Test;

class RenewalTest {

    private static final Secret REFRESH_TOKEN = Secret.of("rt-1");
    private static final Secret ACCESS_TOKEN = Secret.of("at-1");

    @Test
    void keepsTheScopeThatIsAskedFor() {
        assertThat(Renewal.scope(
                        Renewal.clientCredentials("crm", "orders", "read write").credential()))
                .isEqualTo("read write");
        assertThat(Renewal.scope(
                        Renewal.clientCredentials("crm", "orders", null).credential()))
                .isNull();
    }

    @Test
    void differsForEachRegistrationCallerAndScope() {
        assertThat(Renewal.clientCredentials("crm", "orders", "read"))
                .isEqualTo(Renewal.clientCredentials("crm", "orders", "read"))
                .isNotEqualTo(Renewal.clientCredentials("crm", "orders", null))
                .isNotEqualTo(Renewal.clientCredentials("crm", "billing", "read"))
                .isNotEqualTo(Renewal.clientCredentials("mail", "orders", "read"));
    }

    /** It changes the tokens of a session and not its grant, which it does not know. */
    @Test
    void aRefreshTokenThatAReplicaOfTheVersionBeforeHasStoredIsOne() {
        assertThat(Renewal.grant(GrantType.NONE, REFRESH_TOKEN, ACCESS_TOKEN)).isEqualTo(GrantType.REFRESH_TOKEN);
        assertThat(Renewal.grant(GrantType.NONE, REFRESH_TOKEN, null)).isEqualTo(GrantType.REFRESH_TOKEN);
        assertThat(Renewal.grant(GrantType.CLIENT_CREDENTIALS, REFRESH_TOKEN, null))
                .isEqualTo(GrantType.REFRESH_TOKEN);
        assertThat(Renewal.grant(GrantType.NONE, ACCESS_TOKEN, ACCESS_TOKEN)).isEqualTo(GrantType.NONE);
        assertThat(Renewal.grant(
                        GrantType.CLIENT_CREDENTIALS,
                        Renewal.clientCredentials("crm", "orders", null).credential(),
                        null))
                .isEqualTo(GrantType.CLIENT_CREDENTIALS);
    }
}
