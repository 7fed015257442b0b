package com.example.shop;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.SessionRefreshed;
import dev.tokenkeep.SessionRemoved;
import dev.tokenkeep.TokenProvider;
import dev.tokenkeep.TokenSessions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Business code that needs a token in the middle of its own transaction. */
@ApplicationScoped
public class Purchases {

    private final TokenProvider tokens;
    private final TokenSessions sessions;
    private final List<Object> events = new CopyOnWriteArrayList<>();

    Purchases(TokenProvider tokens, TokenSessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    public String signedIn(String user, String tokenResponse) {
        return sessions.register("payments", user, tokenResponse);
    }

    @Transactional
    public AccessToken buy(String sessionId, String item) {
        var purchase = new Purchase();
        purchase.item = item;
        purchase.persistAndFlush();
        AccessToken token = tokens.accessToken(sessionId);
        purchase.tokenVersion = token.version();
        return token;
    }

    public AccessToken tokenWithoutBlocking(String sessionId) {
        return tokens.accessTokenAsync(sessionId).await().indefinitely();
    }

    public boolean signedOut(String sessionId) {
        return sessions.remove(sessionId);
    }

    void refreshed(@Observes SessionRefreshed event) {
        events.add(event);
    }

    void removed(@Observes SessionRemoved event) {
        events.add(event);
    }

    public List<Object> events() {
        return events;
    }
}
