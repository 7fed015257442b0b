package dev.tokenkeep.fuzz;

import dev.tokenkeep.caller.CallerClaimsFuzz;
import dev.tokenkeep.http.RetryAfterFuzz;
import dev.tokenkeep.http.TokenResponseFuzz;
import dev.tokenkeep.rest.IdTokenFuzz;
import dev.tokenkeep.rest.QueryFuzz;
import dev.tokenkeep.rest.RequestBodyFuzz;
import java.util.List;

/** What Jazzer calls: all targets as one, since it takes longer to start than it needs for thousands of inputs. */
public final class FuzzTargets {

    /** A target; throws for what must not be. */
    interface Target {
        void read(FuzzInput input) throws Exception;
    }

    static final List<String> NAMES = List.of(
            "TokenResponseFuzz", "RetryAfterFuzz", "RequestBodyFuzz", "QueryFuzz", "CallerClaimsFuzz", "IdTokenFuzz");

    private static final List<Target> TARGETS = List.of(
            TokenResponseFuzz::read,
            RetryAfterFuzz::read,
            RequestBodyFuzz::read,
            QueryFuzz::read,
            CallerClaimsFuzz::read,
            IdTokenFuzz::read);

    private static final long[] INPUTS = new long[TARGETS.size()];

    private FuzzTargets() {}

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        var input = new FuzzInput(data);
        Target target = input.oneOf(TARGETS);
        INPUTS[TARGETS.indexOf(target)]++;
        target.read(input);
    }

    public static void fuzzerTearDown() {
        for (int i = 0; i < INPUTS.length; i++) {
            System.out.println("Read by " + NAMES.get(i) + ": " + INPUTS[i]);
        }
    }
}
