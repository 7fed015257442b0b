package com.example.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TokensController {

    private final OAuth2AuthorizedClientManager manager;

    TokensController(OAuth2AuthorizedClientManager manager) {
        this.manager = manager;
    }

    record Answer(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn) {}

    @GetMapping("/v1/sessions/{id}/access-token")
    ResponseEntity<Answer> accessToken(@PathVariable String id) {
        var client = manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId("test")
                .principal(id)
                .build());
        if (client == null) {
            return ResponseEntity.notFound().build();
        }
        OAuth2AccessToken token = client.getAccessToken();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Answer(
                        token.getTokenValue(),
                        token.getTokenType().getValue(),
                        Duration.between(Instant.now(), token.getExpiresAt()).toSeconds()));
    }
}
