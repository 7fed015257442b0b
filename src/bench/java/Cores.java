import java.io.IOException;

/** Which processor runs what, so that what is loaded and what loads it do not take each other's. */
final class Cores {

    static final String LOADED = "0";
    static final String LOADING = "1";
    static final String ALL = "0,1";

    private Cores() {}

    /** All threads of a process, and those and the processes that they start; where there is no taskset, the system decides. */
    static void pin(long pid, String cores) throws InterruptedException {
        try {
            new ProcessBuilder("taskset", "-a", "-c", "-p", cores, "" + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            System.err.println("No taskset: all run on all cores");
        }
    }

    static void pinThis(String cores) throws InterruptedException {
        pin(ProcessHandle.current().pid(), cores);
    }
}
