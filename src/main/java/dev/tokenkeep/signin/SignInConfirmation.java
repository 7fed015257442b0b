package dev.tokenkeep.signin;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.HostedAuthorizations;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;

/** Completes sign-ins of the hosted callback once their callers confirm them. Only now is the code spent. */
@ApplicationScoped
public class SignInConfirmation {

    private final HostedAuthorizations hosted;
    private final SignInCompletion completion;

    SignInConfirmation(HostedAuthorizations hosted, SignInCompletion completion) {
        this.hosted = hosted;
        this.completion = completion;
    }

    /**
     * Confirms a sign-in. Blocks on the database, but not on the authorization server.
     *
     * @param confirmation what the browser brought to the caller's return URI
     * @param subject who is signed in at the caller in this browser. The caller has to say it, because that alone shows
     *     that the user who consented is the one whose session it becomes (CONFORMANCE H13)
     */
    public CompletionStage<SignInResult> confirm(Authorization authorization, Secret confirmation, String subject) {
        if (!authorization.asked().isHosted()) {
            return SignInCompletion.notOurs("not_hosted");
        }
        if (!authorization.asked().subject().equals(subject)) {
            return SignInCompletion.notOurs("other_subject_signed_in");
        }
        if (!hosted.isConfirmation(authorization.id(), confirmation)) {
            return SignInCompletion.notOurs("confirmation_mismatch");
        }
        return completion.atTheServer(
                authorization,
                (registration, found) -> hosted.code(authorization.id())
                        .map(code -> completion.exchanged(authorization, registration, found, code))
                        .orElseGet(() -> SignInCompletion.result(new SignInResult.Exchanging())));
    }
}
