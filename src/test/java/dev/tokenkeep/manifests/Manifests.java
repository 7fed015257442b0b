package dev.tokenkeep.manifests;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads manifests, and nothing that Kubernetes would not know: a member of no such name is an error. */
final class Manifests {

    static final Path ROOT = Path.of("k8s");

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Manifests() {}

    /** All files but Kustomize's own. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList();
        }
    }

    static List<HasMetadata> read(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file));
    }

    /** @param from for the message */
    static List<HasMetadata> parse(String from, String yaml) {
        var resources = new ArrayList<HasMetadata>();
        for (String document : yaml.split("(?m)^---\\s*$")) {
            if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                HasMetadata resource = YAML.unmarshal(document);
                if (!(resource instanceof GenericKubernetesResource
                        && resource.getApiVersion().startsWith("external-secrets.io/"))) {
                    refuseUnknown(from + " " + resource.getKind(), resource);
                }
                resources.add(resource);
            }
        }
        return resources;
    }

    private static void refuseUnknown(String path, Object value) {
        if (value instanceof Collection<?> several) {
            several.forEach(one -> refuseUnknown(path + "[]", one));
        } else if (value instanceof KubernetesResource) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getName().startsWith("get") && getter.getParameterCount() == 0) {
                    Object member = member(getter, value);
                    if (getter.getName().equals("getAdditionalProperties")) {
                        if (member instanceof Map<?, ?> unknown && !unknown.isEmpty()) {
                            throw new IllegalArgumentException(path + " knows no " + unknown.keySet());
                        }
                    } else {
                        refuseUnknown(path + "." + getter.getName().substring(3), member);
                    }
                }
            }
        }
    }

    private static Object member(Method getter, Object value) {
        try {
            return getter.invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
