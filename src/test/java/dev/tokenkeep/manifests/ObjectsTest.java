package dev.tokenkeep.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the checkers ask of everything that is no pod, and of how the pieces meet. */
class ObjectsTest {

    private final List<HasMetadata> all = all();

    private static List<HasMetadata> all() {
        try {
            var all = new ArrayList<HasMetadata>();
            for (Path file : Manifests.files()) {
                all.addAll(Manifests.read(file));
            }
            return all;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> List<T> each(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The labels of all pods. */
    private List<Map<String, String>> pods() {
        return Stream.concat(
                        each(Deployment.class).stream()
                                .filter(deployment -> deployment.getSpec().getSelector() != null)
                                .map(deployment ->
                                        deployment.getSpec().getTemplate().getMetadata()),
                        each(Pod.class).stream().map(Pod::getMetadata))
                .map(metadata -> metadata.getLabels())
                .toList();
    }

    private static boolean meets(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    /** kube-linter no-extensions-v1beta, kube-score stable-version. */
    @Test
    void noApiVersionIsOnTrial() {
        assertThat(all)
                .allSatisfy(resource -> assertThat(resource.getApiVersion()).matches("(.*/)?v[0-9]+"));
    }

    /** kube-linter dangling-service and non-isolated-pod, kube-score service-targets-pod and pod-networkpolicy. */
    @Test
    void whatSelectsPodsMeetsSomeAndEveryPodIsIsolatedBothWays() {
        assertThat(pods()).hasSize(3);
        assertThat(each(Service.class))
                .isNotEmpty()
                .allSatisfy(service -> assertThat(pods())
                        .anyMatch(labels -> meets(service.getSpec().getSelector(), labels)));
        assertThat(each(NetworkPolicy.class))
                .isNotEmpty()
                .allSatisfy(policy -> assertThat(pods())
                        .anyMatch(labels -> meets(selected(policy.getSpec().getPodSelector()), labels)));
        assertThat(pods())
                .allSatisfy(labels -> assertThat(each(NetworkPolicy.class))
                        .anyMatch(policy -> meets(selected(policy.getSpec().getPodSelector()), labels)
                                && Set.copyOf(policy.getSpec().getPolicyTypes()).equals(Set.of("Ingress", "Egress"))));
    }

    private static Map<String, String> selected(LabelSelector selector) {
        return selector.getMatchLabels();
    }

    /** kube-linter non-existent-service-account. */
    @Test
    void everyServiceAccountThatIsNamedIsThereAndNoneIsMounted() {
        List<String> accounts = each(ServiceAccount.class).stream()
                .map(account -> account.getMetadata().getName())
                .toList();
        assertThat(each(ServiceAccount.class))
                .allSatisfy(account ->
                        assertThat(account.getAutomountServiceAccountToken()).isFalse());
        assertThat(each(Pod.class))
                .allSatisfy(pod -> assertThat(accounts).contains(pod.getSpec().getServiceAccountName()));
        assertThat(each(Deployment.class))
                .filteredOn(deployment -> deployment.getSpec().getSelector() != null)
                .allSatisfy(deployment -> assertThat(accounts)
                        .contains(deployment.getSpec().getTemplate().getSpec().getServiceAccountName()));
    }

    /** Polaris' rules on roles and bindings, kubesec BindingsToSystemAnonymous, kube-linter access-to-secrets and so on. */
    @Test
    void nobodyIsGivenARight() {
        assertThat(all).noneMatch(resource -> resource.getKind().contains("Role"));
    }

    /** kube-score service-type, kube-linter exposed-services, Polaris tlsSettingsMissing. */
    @Test
    void nothingIsOpenToTheWorld() {
        assertThat(all).noneMatch(resource -> resource.getKind().matches("Gateway|.*Route"));
        assertThat(each(Ingress.class))
                .flatExtracting(ingress -> ingress.getSpec().getRules())
                .flatExtracting(rule -> rule.getHttp().getPaths())
                .allSatisfy(path -> assertThat(path.getPath()).isEqualTo("/connect/"));
        assertThat(each(Service.class))
                .allMatch(service -> service.getSpec().getType() == null
                        || service.getSpec().getType().equals("ClusterIP"));
    }

    /** Polaris hpaMinAvailability, hpaMaxAvailability and pdbDisruptionsIsZero, kube-linter pdb-unhealthy-pod-eviction-policy. */
    @Test
    void nodesCanBeEmptiedAndThereIsRoomToScale() {
        assertThat(each(PodDisruptionBudget.class)).isNotEmpty().allSatisfy(budget -> {
            assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isPositive();
            assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
        });
        assertThat(each(HorizontalPodAutoscaler.class))
                .isNotEmpty()
                .allSatisfy(scaler -> assertThat(scaler.getSpec().getMaxReplicas())
                        .isGreaterThan(scaler.getSpec().getMinReplicas()));
    }

    /** Polaris sensitiveConfigmapContent. */
    @Test
    void settingsHoldNoSecret() throws IOException {
        try (Stream<Path> files = Files.walk(Manifests.ROOT)) {
            List<Path> settings = files.filter(file -> file.toString().endsWith(".properties"))
                    .filter(file -> !file.endsWith("database.properties"))
                    .toList();
            assertThat(settings).hasSizeGreaterThan(2);
            for (Path file : settings) {
                assertThat(Files.readAllLines(file))
                        .as(file.toString())
                        .noneMatch(line -> line.matches("(?i)[^#=]*(password|secret|token|key)=.*"));
            }
        }
    }

    /** Polaris topologySpreadConstraint; the base keeps replicas off one node, and knows no zones. */
    @Test
    void productionSpreadsItsReplicasOverNodesAndZones() throws IOException {
        var spread = (Deployment) Manifests.read(Manifests.ROOT.resolve("overlays/production/spread.yaml"))
                .get(0);
        assertThat(spread.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
                .extracting(constraint -> constraint.getTopologyKey())
                .containsExactlyInAnyOrder("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        var scaler =
                (HorizontalPodAutoscaler) Manifests.read(Manifests.ROOT.resolve("overlays/production/replicas.yaml"))
                        .get(0);
        assertThat(scaler.getSpec().getMinReplicas()).isEqualTo(3);
    }

    @Test
    void externalSecretsMakeTheSecretsThatAreMounted() throws IOException {
        Deployment deployment = (Deployment)
                Manifests.read(Manifests.ROOT.resolve("base/deployment.yaml")).get(0);
        List<String> mounted = deployment.getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .map(ObjectsTest::secretName)
                .toList();
        assertThat(Manifests.read(Manifests.ROOT.resolve("examples/external-secrets/external-secrets.yaml")))
                .map(GenericKubernetesResource.class::cast)
                .extracting(secret -> secret.<String>get("spec", "target", "name"))
                .containsExactlyInAnyOrderElementsOf(mounted);
    }

    private static String secretName(Volume volume) {
        return volume.getSecret().getSecretName();
    }
}
