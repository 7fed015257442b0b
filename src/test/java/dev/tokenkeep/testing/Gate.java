package dev.tokenkeep.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds one request until the test lets it go. */
public final class Gate {

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Waits until the request is at the gate. */
    public void awaitArrival() {
        await(arrived, "No request came to the gate");
    }

    public boolean hasArrived() {
        return arrived.getCount() == 0;
    }

    public void open() {
        open.countDown();
    }

    /** The request waits here. */
    public void pass() {
        arrived.countDown();
        await(open, "The gate was never opened");
    }

    private static void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError(otherwise);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(otherwise, e);
        }
    }
}
