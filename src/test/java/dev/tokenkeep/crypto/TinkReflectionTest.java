package dev.tokenkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/**
 * What Tink and protobuf reflect on is registered for native executables by hand, in {@code META-INF/native-image}. This holds
 * that it is all: another version that reflects on more fails here.
 */
class TinkReflectionTest {

    /** protobuf's messages are reflected on by this class and those inside it. */
    private static final String FIELD_ACCESS = "com.google.protobuf.GeneratedMessage$FieldAccessorTable";

    private static final class Recorder extends URLClassLoader {

        private final Set<String> loaded = new ConcurrentSkipListSet<>();
        private final Set<String> missing = new ConcurrentSkipListSet<>();

        Recorder(List<URL> path) {
            super(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                Class<?> found = super.findClass(name);
                loaded.add(name);
                return found;
            } catch (ClassNotFoundException e) {
                missing.add(name);
                throw e;
            }
        }
    }

    @Test
    void reflectsOnNoMessageAndLooksForNothingButOtherProviders() throws Exception {
        try (var recorder = new Recorder(classPath())) {
            ((Runnable) recorder.loadClass(KeyRingRound.class.getName())
                            .getDeclaredConstructor()
                            .newInstance())
                    .run();
            assertThat(recorder.loaded)
                    .contains("com.google.crypto.tink.proto.XAesGcmKey", "com.google.protobuf.UnsafeUtil")
                    .noneMatch(name -> name.startsWith(FIELD_ACCESS));
            assertThat(new TreeSet<>(recorder.missing))
                    .isSubsetOf("org.conscrypt.Conscrypt", "libcore.io.Memory", "org.robolectric.Robolectric");
        }
    }

    private static List<URL> classPath() throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(path).toUri().toURL());
        }
        return urls;
    }
}
