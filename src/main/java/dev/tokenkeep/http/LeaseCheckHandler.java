package dev.tokenkeep.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks once more whether a request may leave, just before its first bytes go to the operating system. A few
 * milliseconds pass between the check before the bytes were made and this one, in a process that has just started tens
 * of requests. A process that is suspended in that time would later send a refresh token that another replica has spent
 * since. Bytes that may not leave are dropped and their connection is closed. There is one handler for each connection,
 * on its event loop; HTTP/1.1 has one request at a time.
 */
final class LeaseCheckHandler extends ChannelOutboundHandlerAdapter {

    private @Nullable BooleanSupplier mayLeave;
    private boolean written;

    /** Returns the connection's handler and adds it if it is missing. It comes after encryption. */
    static LeaseCheckHandler of(HttpConnection connection) {
        var pipeline = ((ConnectionBase) connection).channel().pipeline();
        LeaseCheckHandler found = pipeline.get(LeaseCheckHandler.class);
        if (found == null) {
            found = new LeaseCheckHandler();
            pipeline.addFirst(found);
        }
        return found;
    }

    /** @param question asked once, before the next bytes leave */
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
