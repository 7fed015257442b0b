package dev.tokenkeep.manifests;

import dev.tokenkeep.manifests.PodRules.Rule;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The rest of what Pod Security's level "restricted" and those checkers ask of a pod. */
final class SecurityRules {

    static final List<Rule> ALL = List.of(
            PodRules.pod(
                    "Pod Security restricted: volume types",
                    "a volume that is neither configuration nor scratch space",
                    pod -> pod.getVolumes().stream().allMatch(SecurityRules::isRestricted)),
            PodRules.pod(
                    "Pod Security restricted: no container beside those that are checked",
                    "a container that nobody has looked at",
                    pod -> pod.getInitContainers().isEmpty()
                            && pod.getEphemeralContainers().isEmpty()),
            PodRules.container(
                    "Pod Security restricted: SELinux, Polaris hostProcess",
                    "SELinux or Windows options",
                    container -> container.getSecurityContext().getSeLinuxOptions() == null
                            && container.getSecurityContext().getWindowsOptions() == null),
            PodRules.container(
                    "kube-linter unsafe-proc-mount, Polaris procMount, kubesec ProcMount",
                    "an unmasked /proc",
                    container -> container.getSecurityContext().getProcMount() == null),
            PodRules.container(
                    "Polaris hostPortSet, kube-score container-ports-check",
                    "a port of the node's, or two of one name",
                    container -> container.getPorts().stream().allMatch(port -> port.getHostPort() == null)
                            && container.getPorts().stream()
                                            .map(ContainerPort::getName)
                                            .distinct()
                                            .count()
                                    == container.getPorts().size()),
            PodRules.container(
                    "kube-linter liveness-port, readiness-port and startup-port",
                    "a probe of a port that is not there",
                    SecurityRules::probesItsPorts),
            PodRules.container(
                    "kube-score container-ephemeral-storage-request-and-limit",
                    "may fill the node's disk",
                    container -> Stream.of(
                                    container.getResources().getRequests(),
                                    container.getResources().getLimits())
                            .allMatch(given -> given.containsKey("ephemeral-storage"))),
            PodRules.pod(
                    "kube-linter default-service-account and deprecated-service-account-field, kubesec ServiceAccountName",
                    "the namespace's default service account",
                    pod -> pod.getServiceAccountName() != null
                            && !pod.getServiceAccountName().equals("default")
                            && pod.getServiceAccount() == null),
            PodRules.pod(
                    "kubesec HostAliases",
                    "an /etc/hosts of its own",
                    pod -> pod.getHostAliases().isEmpty()),
            new Rule(
                    "kube-linter no-anti-affinity, kube-score deployment-has-host-podantiaffinity",
                    "replicas that may all end with one node",
                    (workload, pod) -> !(workload instanceof Deployment deployment)
                            || Objects.equals(deployment.getSpec().getReplicas(), 1)
                            || keepsAwayFromItself(deployment, pod)),
            new Rule(
                    "Polaris metadataAndInstanceMismatched",
                    "a label that tells another instance's name",
                    (workload, pod) -> workload.getMetadata()
                            .getName()
                            .equals(workload.getMetadata().getLabels().get("app.kubernetes.io/instance"))));

    private SecurityRules() {}

    private static boolean isRestricted(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getProjected() != null
                || volume.getEmptyDir() != null;
    }

    private static boolean probesItsPorts(Container container) {
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(probe -> probe != null && probe.getExec() == null)
                .map(SecurityRules::port)
                .allMatch(port -> container.getPorts().stream()
                        .anyMatch(known -> known.getName().equals(port)));
    }

    private static String port(Probe probe) {
        return (probe.getHttpGet() == null
                        ? probe.getTcpSocket().getPort()
                        : probe.getHttpGet().getPort())
                .getStrVal();
    }

    private static boolean keepsAwayFromItself(Deployment deployment, PodSpec pod) {
        return pod.getAffinity().getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution().stream()
                .anyMatch(term -> term.getPodAffinityTerm().getTopologyKey().equals("kubernetes.io/hostname")
                        && term.getPodAffinityTerm()
                                .getLabelSelector()
                                .equals(deployment.getSpec().getSelector()));
    }
}
