package dev.tokenkeep.database;

import io.quarkus.arc.Unremovable;
import io.quarkus.credentials.CredentialsProvider;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The database's password from the file that {@code tokenkeep.database.password-file} names. It is read for every new connection,
 * so that one that is replaced counts from then on; the connections of before go on. Found by its name alone: an application may have a
 * provider of its own.
 */
@ApplicationScoped
@Unremovable
@Named("tokenkeep-password-file")
@Identifier("tokenkeep-password-file")
class PasswordFile implements CredentialsProvider {

    /** @param name the file, which the datasource's {@code credentials-provider} is set to */
    @Override
    public Map<String, String> getCredentials(String name) {
        try {
            return Map.of(
                    PASSWORD_PROPERTY_NAME, Files.readString(Path.of(name)).replaceFirst("\\R\\z", ""));
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("tokenkeep.database.password-file: the file " + name + " can't be read: "
                    + e.getClass().getSimpleName());
        }
    }
}
