/** The manifests under {@code k8s}: that they are what Kubernetes knows, and keep the rules of those who check such things. */
package dev.tokenkeep.manifests;
