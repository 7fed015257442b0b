package dev.tokenkeep.oauth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a token endpoint's successful responses differ from RFC 6749 §5.1, as configured (CONFORMANCE C).
 *
 * @param member the path of names to the object that holds the tokens; empty if that is the whole response
 * @param scopeSeparator the separator between scopes; null for spaces, or commas if there are no spaces
 */
public record ResponseShape(List<String> member, @Nullable String scopeSeparator) {

    public static final ResponseShape STANDARD = new ResponseShape(List.of(), null);

    public ResponseShape {
        member = List.copyOf(member);
    }
}
