/** One outbound HTTP request gives one answer: by which proxy, under which TLS configuration, before which deadline. */
@NullMarked
package dev.tokenkeep.http;

import org.jspecify.annotations.NullMarked;
