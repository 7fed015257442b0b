package dev.tokenkeep.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class StagesTest {

    @Test
    void failsWithWhatWasThrown() {
        var plain = new IllegalStateException("plain");
        assertThatThrownBy(() -> Stages.unwrapped(CompletableFuture.failedFuture(new CompletionException(plain)))
                        .get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(plain);
        assertThatThrownBy(() ->
                        Stages.unwrapped(CompletableFuture.failedFuture(plain)).get())
                .cause()
                .isSameAs(plain);
        assertThat(Stages.unwrapped(CompletableFuture.completedFuture(5))).isCompletedWithValue(5);
    }
}
