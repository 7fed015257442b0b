package dev.tokenkeep.manifests;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** What kube-linter, kube-score, Polaris and kubesec ask of a pod, each rule by the names it has there. */
final class PodRules {

    /** @param why for the one who breaks it */
    record Rule(String name, String why, BiPredicate<HasMetadata, PodSpec> kept) {}

    static final List<Rule> ALL = List.of(
            container(
                    "kube-linter run-as-non-root, Polaris runAsRootAllowed, kubesec RunAsNonRoot",
                    "runs as root",
                    container -> isTrue(container.getSecurityContext().getRunAsNonRoot())),
            container(
                    "kube-linter no-read-only-root-fs, kube-score container-security-context-readonlyrootfilesystem,"
                            + " Polaris notReadOnlyRootFilesystem, kubesec ReadOnlyRootFilesystem",
                    "may write where its image is",
                    container -> isTrue(container.getSecurityContext().getReadOnlyRootFilesystem())),
            container(
                    "kube-linter privilege-escalation-container, Polaris privilegeEscalationAllowed, kubesec AllowPrivilegeEscalation",
                    "may gain privileges",
                    container -> isFalse(container.getSecurityContext().getAllowPrivilegeEscalation())),
            container(
                    "kube-linter privileged-container, kube-score container-security-context-privileged,"
                            + " Polaris runAsPrivileged, kubesec Privileged",
                    "is privileged",
                    container -> !isTrue(container.getSecurityContext().getPrivileged())),
            container(
                    "kube-linter drop-net-raw-capability, Polaris insecureCapabilities and dangerousCapabilities, kubesec CapDropAll",
                    "keeps capabilities",
                    PodRules::dropsAllCapabilities),
            container(
                    "kube-linter latest-tag, kube-score container-image-tag, Polaris tagNotSpecified",
                    "an image by a tag that moves",
                    container -> !container.getImage().endsWith(":latest")
                            && (container.getImage().contains(":")
                                    || container.getImage().equals("tokenkeep"))),
            container(
                    "kube-linter unset-cpu-requirements and unset-memory-requirements, kube-score container-resources,"
                            + " Polaris cpuLimitsMissing and so on, kubesec LimitsCPU and so on",
                    "asks for no resources, or for all there are",
                    container ->
                            List.of(
                                            container.getResources().getRequests(),
                                            container.getResources().getLimits())
                                    .stream()
                                    .allMatch(given -> given.keySet().containsAll(List.of("cpu", "memory")))),
            container(
                    "kube-linter env-var-secret and read-secret-from-env-var, Polaris sensitiveContainerEnvVar",
                    "a secret in the environment, where every child and every dump has it",
                    PodRules::hasNoSecretInItsEnvironment),
            container(
                    "kube-linter duplicate-env-var, kube-score environment-variable-key-duplication",
                    "a variable that is there twice",
                    container -> container.getEnv().stream()
                                    .map(variable -> variable.getName())
                                    .distinct()
                                    .count()
                            == container.getEnv().size()),
            container(
                    "kube-linter ssh-port, privileged-ports",
                    "a port below 1024",
                    container -> container.getPorts().stream().allMatch(port -> port.getContainerPort() >= 1024)),
            pod(
                    "kubesec RunAsUser and RunAsGroup, kube-score container-security-context-user-group-id",
                    "a user that a node may have; PostgreSQL's image has one of its own, 70",
                    pod -> pod.getSecurityContext().getRunAsUser() > 10_000
                            || pod.getSecurityContext().getRunAsUser() == 70),
            pod(
                    "kubesec SeccompAny, kube-score container-seccomp-profile, Polaris linuxHardening",
                    "no seccomp profile",
                    pod -> pod.getSecurityContext()
                            .getSeccompProfile()
                            .getType()
                            .equals("RuntimeDefault")),
            pod(
                    "kubesec AutomountServiceAccountToken, Polaris automountServiceAccountToken",
                    "a token of the API server's that nobody asked for",
                    pod -> isFalse(pod.getAutomountServiceAccountToken())),
            pod(
                    "kube-linter host-network, host-pid and host-ipc, Polaris hostNetworkSet and so on",
                    "shares the node's namespaces",
                    pod -> !isTrue(pod.getHostNetwork()) && !isTrue(pod.getHostPID()) && !isTrue(pod.getHostIPC())),
            pod(
                    "kube-linter docker-sock, sensitive-host-mounts and writable-host-mount",
                    "mounts the node's files",
                    pod -> pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null)),
            pod(
                    "kube-linter unsafe-sysctls",
                    "changes the kernel",
                    pod -> pod.getSecurityContext().getSysctls().isEmpty()),
            pod(
                    "secrets are mounted, and not readable for everybody",
                    "a Secret's mode",
                    pod -> pod.getVolumes().stream()
                            .filter(volume -> volume.getSecret() != null)
                            .allMatch(
                                    volume -> Objects.equals(volume.getSecret().getDefaultMode(), 0440))),
            deployment(
                    "kube-linter no-liveness-probe and no-readiness-probe, kube-score pod-probes, Polaris"
                            + " livenessProbeMissing and readinessProbeMissing",
                    "nobody knows whether it works",
                    pod -> pod.getContainers().stream()
                            .allMatch(container -> container.getLivenessProbe() != null
                                    && container.getReadinessProbe() != null
                                    && !container.getLivenessProbe().equals(container.getReadinessProbe()))),
            new Rule(
                    "kube-linter no-rolling-update-strategy, mismatching-selector",
                    "all replicas end before a new one is there; or its selector does not meet its pods",
                    (workload, pod) ->
                            !(workload instanceof Deployment deployment) || isReplacedWellAndMet(deployment)));

    private PodRules() {}

    static Rule pod(String name, String why, Predicate<PodSpec> kept) {
        return new Rule(name, why, (workload, pod) -> kept.test(pod));
    }

    private static Rule deployment(String name, String why, Predicate<PodSpec> kept) {
        return new Rule(name, why, (workload, pod) -> !(workload instanceof Deployment) || kept.test(pod));
    }

    static Rule container(String name, String why, Predicate<Container> kept) {
        return pod(name, why, pod -> pod.getContainers().stream().allMatch(kept));
    }

    private static boolean dropsAllCapabilities(Container container) {
        SecurityContext context = container.getSecurityContext();
        return context.getCapabilities().getDrop().equals(List.of("ALL"))
                && context.getCapabilities().getAdd().isEmpty();
    }

    private static boolean hasNoSecretInItsEnvironment(Container container) {
        return container.getEnvFrom().isEmpty()
                && container.getEnv().stream()
                        .allMatch(variable -> variable.getValueFrom() == null
                                && (variable.getName().endsWith("_FILE")
                                        || !variable.getName().matches(".*(PASSWORD|SECRET|TOKEN).*")));
    }

    private static boolean isReplacedWellAndMet(Deployment deployment) {
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        boolean alone = Objects.equals(deployment.getSpec().getReplicas(), 1);
        return labels.entrySet()
                        .containsAll(deployment
                                .getSpec()
                                .getSelector()
                                .getMatchLabels()
                                .entrySet())
                && (alone
                        || deployment.getSpec().getStrategy().getType().equals("RollingUpdate")
                                && deployment
                                                .getSpec()
                                                .getStrategy()
                                                .getRollingUpdate()
                                                .getMaxUnavailable()
                                                .getIntVal()
                                        == 0);
    }

    private static boolean isTrue(Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    private static boolean isFalse(Boolean value) {
        return Boolean.FALSE.equals(value);
    }
}
