package dev.tokenkeep.testing;

import com.github.benmanes.caffeine.cache.Cache;
import java.lang.reflect.Field;
import java.util.Set;

/** The classes that Caffeine picks by name for what a cache is to do: a native executable has those that it is told of. */
public final class GeneratedCaches {

    /** Registered in {@code META-INF/native-image}, which {@code NativeBuildIT} holds to be there. */
    public static final Set<String> REGISTERED =
            Set.of("com.github.benmanes.caffeine.cache.SSMWA", "com.github.benmanes.caffeine.cache.PSWMW");

    private GeneratedCaches() {}

    /** Those of the cache in {@code holder}'s field of that name. */
    public static Set<String> of(Object holder, String field) throws ReflectiveOperationException {
        Object cache = ((Cache<?, ?>) value(holder.getClass(), field, holder)).asMap();
        Class<?> generated = cache.getClass();
        Class<?> bounded = generated;
        while (!bounded.getSimpleName().equals("BoundedLocalCache")) {
            bounded = bounded.getSuperclass();
        }
        return Set.of(
                generated.getName(),
                value(bounded, "nodeFactory", cache).getClass().getName());
    }

    private static Object value(Class<?> declaring, String field, Object of) throws ReflectiveOperationException {
        Field found = declaring.getDeclaredField(field);
        found.setAccessible(true);
        return found.get(of);
    }
}
