package io.github.lightning4j.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Names of runs by their directories: as short as tells them apart. */
final class RunNames {
    private RunNames() {}

    /** The last two parts of the path, such as {@code mnist-cnn/0}. */
    static String of(Path directory) {
        return last(directory.toAbsolutePath().normalize(), 2);
    }

    static List<String> of(List<Path> directories) {
        List<Path> paths = directories.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
        int parts = 1;
        List<String> names = named(paths, parts);
        while (new HashSet<>(names).size() < names.size() && parts < longest(paths)) {
            parts++;
            names = named(paths, parts);
        }
        return names;
    }

    private static int longest(List<Path> paths) {
        return paths.stream().mapToInt(Path::getNameCount).max().orElse(0);
    }

    private static List<String> named(List<Path> paths, int parts) {
        return new ArrayList<>(paths.stream().map(path -> last(path, parts)).toList());
    }

    private static String last(Path path, int parts) {
        int count = path.getNameCount();
        return count == 0
                ? path.toString()
                : path.subpath(Math.max(0, count - parts), count).toString().replace('\\', '/');
    }
}
