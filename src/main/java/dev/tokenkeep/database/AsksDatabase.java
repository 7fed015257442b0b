package dev.tokenkeep.database;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that asks the database. While that is known not to answer, the method is not called and fails at once with
 * {@link DatabaseUnavailableException}. Every method with a transaction of its own has it; a test sees to that.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface AsksDatabase {}
