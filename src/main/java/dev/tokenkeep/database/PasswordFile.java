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
 * Reads the database's password from the file that {@code tokenkeep.database.password-file} names. Reads it for every
 * new connection, so that a new password applies from then on; existing connections stay. Found only by its name,
 * because an application may have its own provider.
 */
@ApplicationScoped
@Unremovable
@Named("tokenkeep-password-file")
@Identifier("tokenkeep-password-file")
class PasswordFile implements CredentialsProvider {

    /** @param name the file, from the datasource's {@code credentials-provider} */
    @Override
    public Map<String, String> getCredentials(String name) {
        try {
            return Map.of(
                    PASSWORD_PROPERTY_NAME, Files.readString(Path.of(name)).replaceFirst("\\R\\z", ""));
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("tokenkeep.database.password-file: the file " + name + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }
}
