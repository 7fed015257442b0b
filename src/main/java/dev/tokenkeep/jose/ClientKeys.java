package dev.tokenkeep.jose;

import dev.tokenkeep.jose.SigningKeys.SigningKey;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keys of clients: from directories, or from where their private halves stay. */
@Singleton
public final class ClientKeys {

    private final @Nullable RemoteKeys remote;
    private final Clock clock;

    @Inject
    public ClientKeys(RemoteKeys remote, Clock clock) {
        this(clock, remote);
    }

    private ClientKeys(Clock clock, @Nullable RemoteKeys remote) {
        this.remote = remote;
        this.clock = clock;
    }

    /** Returns an instance that reads directories alone. */
    public static ClientKeys ofDirectories(Clock clock) {
        return new ClientKeys(clock, null);
    }

    /**
     * Reads the keys of one client.
     *
     * @param directory their directory, unless they are remote
     * @param remoteName their name, if they are remote
     * @throws UnusableKeyException if not exactly one is given, or something there cannot be used
     */
    public SigningKeys read(Optional<String> directory, Optional<String> remoteName) throws UnusableKeyException {
        if (directory.isPresent() && remoteName.isPresent()) {
            throw new UnusableKeyException("is set in addition to client-keys; set only one of them");
        }
        if (remoteName.isPresent()) {
            return remote(remoteName.get());
        }
        Path path = directory
                .map(Path::of)
                .orElseThrow(() -> new UnusableKeyException("is required with private_key_jwt: a directory of private"
                        + " keys, unless client-keys-transit is set"));
        return new SigningKeyDirectory(path).read();
    }

    private SigningKeys remote(String name) throws UnusableKeyException {
        if (remote == null) {
            throw new UnusableKeyException("cannot be used here");
        }
        return remote.keys(name);
    }

    /** Returns what is wrong with the settings of remote keys, by the names of the settings. */
    public Map<String, String> objections() {
        return remote == null ? Map.of() : remote.objections();
    }

    /** Returns a text that changes when the remote keys of this name do. */
    public String stamp(String name) {
        try {
            SigningKeys keys = remote(name);
            return keys.primary().id() + " " + keys.publicJwks();
        } catch (UnusableKeyException e) {
            return "";
        }
    }

    /** Returns when the certificate of a key expired; empty if it is valid, or if there is none. */
    public Optional<Instant> expired(SigningKey key) {
        return key.certificates().stream()
                .limit(1)
                .map(own -> own.getNotAfter().toInstant())
                .filter(end -> clock.instant().isAfter(end))
                .findFirst();
    }
}
