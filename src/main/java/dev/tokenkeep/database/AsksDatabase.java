package dev.tokenkeep.database;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that queries the database. While the database is known to be down, the method is not called and fails
 * at once with {@link DatabaseUnavailableException}. Every method with its own transaction has it; a test checks that.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface AsksDatabase {}
