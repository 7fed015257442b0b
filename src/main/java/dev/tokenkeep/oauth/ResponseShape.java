package dev.tokenkeep.oauth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a token endpoint's successful answers depart from RFC 6749 §5.1, as its operator declares it (CONFORMANCE C).
 *
 * @param member the names on the way to the object that holds the tokens; empty if that is the whole answer
 * @param scopeSeparator what stands between scopes; null for spaces, or commas where there are no spaces
 */
public record ResponseShape(List<String> member, @Nullable String scopeSeparator) {

    public static final ResponseShape STANDARD = new ResponseShape(List.of(), null);

    public ResponseShape {
        member = List.copyOf(member);
    }
}
