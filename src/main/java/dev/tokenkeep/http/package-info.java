/** Sends outbound HTTP requests and returns their results: proxies, TLS configurations and time limits. */
@NullMarked
package dev.tokenkeep.http;

import org.jspecify.annotations.NullMarked;
