package dev.tokenkeep.proofs;

import org.jspecify.annotations.Nullable;

/**
 * A proof that somebody asks for.
 *
 * @param target whose access token it is for; null for the session's own
 */
public record WantedProof(String sessionId, @Nullable String target, ProvenRequest request) {}
