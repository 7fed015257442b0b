package dev.tokenkeep.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks once more, with a request's first bytes about to go to the system, whether they may. Between the look before they
 * were made and here lie milliseconds, in a process that has just started tens of them, and one that is stopped in them
 * would go on to send a refresh token that another replica has spent since. Bytes that may not go are dropped with their
 * connection. One for each connection, on its event loop; HTTP/1.1, so one request at a time.
 */
final class LeaseCheckHandler extends ChannelOutboundHandlerAdapter {

    private @Nullable BooleanSupplier mayLeave;
    private boolean written;

    /** The connection's, after whatever encrypts. */
    static LeaseCheckHandler of(HttpConnection connection) {
        var pipeline = ((ConnectionBase) connection).channel().pipeline();
        LeaseCheckHandler found = pipeline.get(LeaseCheckHandler.class);
        if (found == null) {
            found = new LeaseCheckHandler();
            pipeline.addFirst(found);
        }
        return found;
    }

    /** @param question asked once, of the next bytes */
    void ask(BooleanSupplier question) {
        mayLeave = question;
        written = false;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        written = true;
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        BooleanSupplier question = mayLeave;
        if (question != null && written) {
            mayLeave = null;
            if (!question.getAsBoolean()) {
                context.close();
                return;
            }
        }
        context.flush();
    }
}
