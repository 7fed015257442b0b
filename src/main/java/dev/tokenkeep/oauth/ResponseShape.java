package dev.tokenkeep.oauth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a token endpoint's responses differ from RFC 6749 §5, as configured (CONFORMANCE C, D).
 *
 * @param member the path of names to the object that holds the tokens; empty if that is the whole response
 * @param scopeSeparator the separator between scopes; null for spaces, or commas if there are no spaces
 * @param errors what error responses mean; the first that matches decides
 */
public record ResponseShape(List<String> member, @Nullable String scopeSeparator, List<ErrorRule> errors) {

    public static final ResponseShape STANDARD = new ResponseShape(List.of(), null);

    public ResponseShape {
        member = List.copyOf(member);
        errors = List.copyOf(errors);
    }

    /** With errors as in RFC 6749 §5.2. */
    public ResponseShape(List<String> member, @Nullable String scopeSeparator) {
        this(member, scopeSeparator, List.of());
    }
}
