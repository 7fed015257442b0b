/** The dashboard, the alerts and the runbook under {@code k8s/monitoring}, held against what the application exports. */
package dev.tokenkeep.monitoring;
