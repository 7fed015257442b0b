package dev.tokenkeep.packaging;

import java.lang.management.ManagementFactory;
import java.util.jar.JarFile;
import javax.management.ObjectName;

/**
 * Does in a process of its own what the builder of a native executable does first: it initialises the application, and with
 * it all that Quarkus makes at build time, and every class of ours in the jar that is its argument. Prints the threads that
 * run then and a histogram of the heap, which would become the image's.
 */
final class StaticInit {

    private StaticInit() {}

    public static void main(String[] args) throws Exception {
        Class.forName("io.quarkus.runner.ApplicationImpl");
        try (var jar = new JarFile(args[0])) {
            for (var entries = jar.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (name.matches("dev/tokenkeep/.*\\.class") && !name.endsWith("package-info.class")) {
                    Class.forName(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> System.out.println("thread " + thread.getName()));
        System.out.println(ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()}));
        // Without what the application would do at its end: it never began.
        Runtime.getRuntime().halt(0);
    }
}
