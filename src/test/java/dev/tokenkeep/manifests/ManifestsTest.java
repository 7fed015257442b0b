package dev.tokenkeep.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {

    @TempDir
    Path scratch;

    @TestFactory
    Stream<DynamicTest> everyManifestIsWhatKubernetesKnows() throws IOException {
        return Manifests.files().stream()
                .map(file -> dynamicTest(
                        file.toString(), () -> assertThat(Manifests.read(file)).isNotEmpty()));
    }

    @Test
    void aMemberOfNoSuchNameIsRefused() throws IOException {
        String deployment = Files.readString(Manifests.ROOT.resolve("base/deployment.yaml"));
        assertThatThrownBy(() -> Manifests.parse(
                        "planted", deployment.replace("readOnlyRootFilesystem", "readOnlyRootFileSystem")))
                .hasMessageContaining("readOnlyRootFileSystem");
    }

    /** Every pod that is anywhere under k8s, by every rule of those who check such things. */
    @TestFactory
    Stream<DynamicTest> everyPodIsHardened() throws IOException {
        return workloads()
                .flatMap(workload -> Stream.concat(PodRules.ALL.stream(), SecurityRules.ALL.stream())
                        .map(rule -> dynamicTest(
                                rule.name() + ": " + workload.getKind() + " "
                                        + workload.getMetadata().getName(),
                                () -> {
                                    PodSpec pod = pod(workload);
                                    assertThat(rule.kept().test(workload, pod))
                                            .as(rule.why())
                                            .isTrue();
                                })));
    }

    private static Stream<HasMetadata> workloads() throws IOException {
        return Stream.of("base/deployment.yaml", "overlays/local/postgresql.yaml", "examples/caller/caller.yaml")
                .map(Manifests.ROOT::resolve)
                .flatMap(file -> {
                    try {
                        return Manifests.read(file).stream();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .filter(resource -> pod(resource) != null);
    }

    private static PodSpec pod(HasMetadata workload) {
        return workload instanceof Deployment deployment
                ? deployment.getSpec().getTemplate().getSpec()
                : workload instanceof io.fabric8.kubernetes.api.model.Pod pod ? pod.getSpec() : null;
    }

    private static <T> T base(String file, Class<T> kind) throws IOException {
        return Manifests.read(Manifests.ROOT.resolve("base").resolve(file)).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Deployment deployment() throws IOException {
        return base("deployment.yaml", Deployment.class);
    }

    private static Container container() throws IOException {
        return pod(deployment()).getContainers().get(0);
    }

    @Test
    void everyRuleIsInTheDocumentedTable() throws IOException {
        assertThat(Files.readString(Path.of("src/docs/running.md")))
                .contains(Stream.concat(PodRules.ALL.stream(), SecurityRules.ALL.stream())
                        .map(PodRules.Rule::name)
                        .toList());
    }

    @Test
    void probesAreDistinctAndAskTheManagementPort() throws IOException {
        Container container = container();
        assertThat(List.of(
                        container.getStartupProbe().getHttpGet().getPath(),
                        container.getLivenessProbe().getHttpGet().getPath(),
                        container.getReadinessProbe().getHttpGet().getPath()))
                .containsExactly("/q/health/started", "/q/health/live", "/q/health/ready");
        for (var probe :
                List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())) {
            assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
        }
        assertThat(container.getPorts())
                .extracting(port -> port.getName() + " " + port.getContainerPort())
                .containsExactly("http 8080", "management 9000");
    }

    @Test
    void thePodMayTakeLongerToEndThanALeaseAndATokenRequest() throws IOException {
        String settings = Files.readString(Manifests.ROOT.resolve("base/service.properties"));
        assertThat(settings).contains("quarkus.shutdown.delay=5S", "quarkus.shutdown.timeout=15S");
        long delayAndCalls = 5 + 15;
        long leaseAndRequest = 8 + 5;
        assertThat(pod(deployment()).getTerminationGracePeriodSeconds())
                .isGreaterThan(delayAndCalls + leaseAndRequest + 10);
    }

    @Test
    void theServiceMeetsThePodsAndTheirPort() throws IOException {
        Service service = base("service.yaml", Service.class);
        assertThat(deployment().getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(deployment().getSpec().getSelector().getMatchLabels())
                .isEqualTo(service.getSpec().getSelector());
        assertThat(service.getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly("http");
        assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
    }

    @Test
    void theBudgetAndTheAutoscalerMeetTheDeployment() throws IOException {
        var budget = base("poddisruptionbudget.yaml", PodDisruptionBudget.class);
        assertThat(budget.getSpec().getSelector().getMatchLabels())
                .isEqualTo(deployment().getSpec().getSelector().getMatchLabels());
        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
        var scaler = base("horizontalpodautoscaler.yaml", HorizontalPodAutoscaler.class);
        assertThat(scaler.getSpec().getScaleTargetRef().getName())
                .isEqualTo(deployment().getMetadata().getName());
        // Both would set it, and fight.
        assertThat(deployment().getSpec().getReplicas()).isNull();
        assertThat(scaler.getSpec().getMinReplicas()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void nothingComesInOrGoesOutButWhatIsNamed() throws IOException {
        List<NetworkPolicy> policies = Manifests.read(Manifests.ROOT.resolve("base/networkpolicy.yaml")).stream()
                .map(NetworkPolicy.class::cast)
                .toList();
        NetworkPolicy deny = policies.get(0);
        assertThat(deny.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(deny.getSpec().getIngress()).isNullOrEmpty();
        assertThat(deny.getSpec().getEgress()).isNullOrEmpty();
        NetworkPolicy allow = policies.get(1);
        assertThat(allow.getSpec().getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty())
                .allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty());
        assertThat(allow.getSpec()
                        .getIngress()
                        .get(0)
                        .getFrom()
                        .get(0)
                        .getPodSelector()
                        .getMatchLabels())
                .containsEntry("tokenkeep.dev/caller", "true");
        assertThat(allow.getSpec().getEgress())
                .allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty());
        policies.forEach(policy ->
                assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(pods()));
    }

    private static Map<String, String> pods() {
        return Map.of("app.kubernetes.io/name", "tokenkeep");
    }

    @Test
    void theOnlyTokenInThePodIsTheOneThatReadsTheClustersKeys() throws IOException {
        assertThat(base("serviceaccount.yaml", ServiceAccount.class).getAutomountServiceAccountToken())
                .isFalse();
        List<Volume> projected = pod(deployment()).getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .toList();
        assertThat(projected).hasSize(1);
        assertThat(container().getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals(projected.get(0).getName()))
                .extracting("mountPath")
                .containsExactly("/var/run/secrets/kubernetes.io/serviceaccount");
    }

    @TestFactory
    Stream<DynamicTest> theOverlaysCanBeBuilt() {
        return Stream.of(
                        "overlays/local",
                        "overlays/production",
                        "examples/caller",
                        "examples/connect",
                        "examples/egress",
                        "examples/external-secrets",
                        "monitoring")
                .map(overlay -> dynamicTest(overlay, () -> built(overlay)));
    }

    private void built(String overlay) throws IOException, InterruptedException {
        Path copy = copied();
        Files.writeString(copy.resolve("overlays/local/keys/local"), "not a key");
        Path output = scratch.resolve("built.yaml");
        Process kubectl = kubectl(copy.resolve(overlay), output);
        assumeTrue(kubectl != null, "there is no kubectl here");
        String yaml = Files.readString(output);
        assertThat(kubectl.waitFor()).as(yaml).isZero();
        List<HasMetadata> resources = Manifests.parse(overlay, Files.readString(output));
        resources.stream()
                .filter(resource -> !(resource instanceof Namespace))
                .filter(resource -> overlay.startsWith("overlays"))
                .forEach(resource ->
                        assertThat(resource.getMetadata().getNamespace()).isEqualTo("tokenkeep"));
        resources.stream()
                .filter(Namespace.class::isInstance)
                .forEach(namespace -> assertThat(namespace.getMetadata().getLabels())
                        .containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
        Deployment deployment = resources.stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .filter(found -> found.getMetadata().getName().equals("tokenkeep"))
                .findFirst()
                .orElse(null);
        if (deployment != null) {
            assertThat(pod(deployment).getVolumes())
                    .filteredOn(volume -> volume.getConfigMap() != null)
                    .allSatisfy(volume -> assertThat(resources)
                            .filteredOn(ConfigMap.class::isInstance)
                            .extracting(map -> map.getMetadata().getName())
                            .contains(volume.getConfigMap().getName()));
            assertThat(pod(deployment).getContainers().get(0).getImage()).contains("/tokenkeep:");
        }
    }

    private Path copied() throws IOException {
        Path copy = scratch.resolve("k8s");
        try (Stream<Path> files = Files.walk(Manifests.ROOT)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(Manifests.ROOT.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (!Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }

    /** Null where there is none. */
    private static Process kubectl(Path overlay, Path output) throws InterruptedException {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", overlay.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            kubectl.waitFor();
            return kubectl;
        } catch (IOException e) {
            return null;
        }
    }
}
