package dev.tokenkeep.session.store;

import org.jspecify.annotations.Nullable;

/** The encrypted columns of one version of a row. */
record EncryptedTokens(
        String keyId,
        byte[] refreshToken,
        byte @Nullable [] accessToken,
        byte @Nullable [] idToken,
        byte @Nullable [] dpopKey) {}
