package dev.tokenkeep;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The session's registration has no target of this name. */
public final class UnknownTargetException extends RuntimeException {

    private final String registration;
    private final List<String> targets;

    /** @param targets the names that there are */
    public UnknownTargetException(String registration, Collection<String> targets) {
        super("Registration " + registration + " has no such target; it has " + new TreeSet<>(targets));
        this.registration = registration;
        this.targets = List.copyOf(new TreeSet<>(targets));
    }

    public String registration() {
        return registration;
    }

    /** Returns the names that there are, in order. */
    public List<String> targets() {
        return targets;
    }
}
