package dev.tokenkeep.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tokenkeep.refresh.scheduling.RefreshTick;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.EverythingTold;
import dev.tokenkeep.testing.KeptSpans;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The job's refreshes as traces. */
@QuarkusTest
@TestProfile(EverythingTold.class)
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class JobTracesTest {

    ScriptedAuthorizationServer server;

    @Inject
    RefreshFixture fixture;

    @Inject
    RefreshTick job;

    @Inject
    KeptSpans spans;

    @BeforeEach
    void nothingElse() {
        fixture.execute("delete from tokenkeep_session");
        spans.forget();
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void aTickAtWhichNothingIsDueLeavesNoTrace() {
        job.tick();
        assertThat(spans.all()).isEmpty();
    }

    @Test
    void whatATickClaimsIsOneTrace() {
        fixture.due(server);
        fixture.due(server);
        job.tick();
        await().until(() -> spans.named("refresh").size() == 2);
        assertThat(spans.named("claim")).singleElement().satisfies(claim -> {
            assertThat(claim.getParentSpanId()).isEqualTo(SpanId.getInvalid());
            assertThat(spans.named("refresh"))
                    .extracting(SpanData::getParentSpanId)
                    .containsExactly(claim.getSpanId(), claim.getSpanId());
            assertThat(spans.ofTrace(claim.getTraceId())).hasSize(1 + 2 * 3);
        });
        assertThat(spans.all()).hasSize(1 + 2 * 3);
    }
}
