package dev.tokenkeep.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.jose.JwkSet.Signature;
import dev.tokenkeep.testing.RsaJwks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JwkSetTest {

    private final AtomicLong nanos = new AtomicLong();
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private final JwkSet keys = new JwkSet("the issuer", this::ask, nanos::get);
    private final RsaJsonWebKey one = key("one");

    private CompletionStage<String> ask() {
        var answer = new CompletableFuture<String>();
        asked.add(answer);
        return answer;
    }

    private void answered(RsaJsonWebKey key) {
        asked.get(asked.size() - 1).complete(new JsonWebKeySet(key).toJson());
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static RsaJsonWebKey key(@Nullable String id) {
        RsaJsonWebKey key = RsaJwks.next();
        key.setKeyId(id);
        return key;
    }

    private static JsonWebSignature jws(RsaJsonWebKey key) {
        try {
            var signed = new JsonWebSignature();
            signed.setPayload("{}");
            signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            if (key.getKeyId() != null) {
                signed.setKeyIdHeaderValue(key.getKeyId());
            }
            signed.setKey(key.getPrivateKey());
            var jws = new JsonWebSignature();
            jws.setCompactSerialization(signed.getCompactSerialization());
            return jws;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Void> prepared(RsaJsonWebKey key) {
        return keys.prepare(jws(key)).toCompletableFuture();
    }

    @Test
    void allWhoNeedTheFirstKeysWaitForOneFetch() {
        var waiting = List.of(prepared(one), prepared(one), prepared(one));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        assertThat(asked).hasSize(1);
        answered(one);
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.VALID);
    }

    @Test
    void oneWaitsForKeysThatAreDueAndTheOthersGoOn() {
        prepared(one);
        answered(one);
        passes(Duration.ofMinutes(10));
        var first = prepared(one);
        assertThat(first).isNotDone();
        assertThat(prepared(one)).isDone();
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.VALID);
        RsaJsonWebKey two = key("two");
        answered(two);
        assertThat(first).isDone();
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(asked).hasSize(2);
    }

    @Test
    void anIssuerThatFailsIsNotAskedForEveryCaller() {
        prepared(one);
        asked.get(0).completeExceptionally(new IOException("away"));
        assertThat(prepared(one)).isDone();
        assertThat(asked).hasSize(1);
        passes(Duration.ofSeconds(5));
        assertThat(prepared(one)).isNotDone();
        answered(one);
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.VALID);
    }

    @Test
    void whatIsNoKeySetIsAFailure() {
        prepared(one);
        asked.get(0).complete("<html>");
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.UNKNOWN_KEY);
        passes(Duration.ofSeconds(5));
        prepared(one);
        answered(one);
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.VALID);
    }

    @Test
    void aSourceThatThrowsIsAFailure() {
        var throwing = new JwkSet(
                "nobody",
                () -> {
                    throw new IllegalStateException("thrown");
                },
                nanos::get);
        assertThat(throwing.prepare(jws(one))).isCompleted();
        assertThat(throwing.signature(jws(one))).isEqualTo(Signature.UNKNOWN_KEY);
    }

    @Test
    void aCallerThatGivesUpStopsNobodyElse() {
        var first = prepared(one);
        var second = prepared(one);
        first.cancel(true);
        answered(one);
        assertThat(second).isCompleted();
        assertThat(keys.signature(jws(one))).isEqualTo(Signature.VALID);
    }

    @Test
    void followsAKeyThatHasNoName() {
        RsaJsonWebKey first = key(null);
        prepared(first);
        answered(first);
        assertThat(keys.signature(jws(first))).isEqualTo(Signature.VALID);
        RsaJsonWebKey second = key(null);
        assertThat(keys.signature(jws(second))).isEqualTo(Signature.UNKNOWN_KEY);
        assertThat(prepared(second)).isNotDone();
        answered(second);
        assertThat(keys.signature(jws(second))).isEqualTo(Signature.VALID);
    }

    @Test
    void anothersSignatureByTheSameNameIsWrong() {
        prepared(one);
        answered(one);
        assertThat(keys.signature(jws(key("one")))).isEqualTo(Signature.INVALID);
        assertThat(prepared(key("one"))).isDone();
        assertThat(asked).hasSize(1);
    }
}
