package dev.tokenkeep.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseCheckHandlerTest {

    private final LeaseCheckHandler look = new LeaseCheckHandler();
    private final EmbeddedChannel channel = new EmbeddedChannel(look);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingLeavesThatMayNot() {
        look.ask(() -> answering(false));

        channel.write("head");
        var body = channel.write("body");
        channel.flush();

        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(body.isDone()).isTrue();
        assertThat(body.isSuccess()).isFalse();
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksOnceForEachRequestAndNotBeforeAnythingOfItIsThere() {
        look.ask(() -> answering(true));
        channel.flush();
        assertThat(asked).hasValue(0);

        channel.writeAndFlush("head");
        channel.writeAndFlush("body");
        assertThat(asked).hasValue(1);

        look.ask(() -> answering(true));
        channel.writeAndFlush("head of another");
        assertThat(asked).hasValue(2);
        assertThat(channel.outboundMessages()).hasSize(3);
    }

    private boolean answering(boolean answer) {
        asked.incrementAndGet();
        return answer;
    }
}
