package dev.tokenkeep.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells whether files were written or replaced, without reading them. */
public final class FileStamp {

    private FileStamp() {}

    /** Returns a text that changes when one of the files is written or replaced. Of a directory, all files count. */
    public static String of(List<Path> files) {
        return files.stream().map(FileStamp::of).collect(Collectors.joining("\n"));
    }

    private static String of(Path file) {
        try {
            if (!Files.isDirectory(file)) {
                return attributes(file);
            }
            try (Stream<Path> inside = Files.list(file)) {
                return inside.sorted()
                        .map(one -> one.getFileName() + " " + attributes(one))
                        .collect(Collectors.joining("\n"));
            }
        } catch (IOException | UncheckedIOException e) {
            return "away";
        }
    }

    private static String attributes(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException | RuntimeException e) {
            return "away";
        }
    }
}
