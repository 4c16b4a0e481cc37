package io.github.lightning4j.progress;

import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a run in words. */
final class CheckpointFiles {
    private CheckpointFiles() {}

    /** Such as {@code epoch=3.ckpt, best val_acc=0.9871 in epoch=2.ckpt}; empty while there is none. */
    static String text(Run run) {
        StringJoiner text = new StringJoiner(", ");
        Path newest = null;
        for (CheckpointCallback each : callbacks(run)) {
            newest = newer(newest, newest(each));
        }
        if (newest != null) {
            text.add(name(newest));
        }
        for (CheckpointCallback each : callbacks(run)) {
            Path best = each.bestModelPath();
            if (each.monitor() != null && best != null) {
                text.add("best " + each.monitor() + "=" + Text.number(each.bestModelScore()) + " in " + name(best));
            }
        }
        return text.toString();
    }

    private static List<CheckpointCallback> callbacks(Run run) {
        return run.callbacks().stream()
                .filter(CheckpointCallback.class::isInstance)
                .map(CheckpointCallback.class::cast)
                .toList();
    }

    private static @Nullable Path newest(CheckpointCallback callback) {
        if (!(callback instanceof ModelCheckpoint files)) {
            return callback.bestModelPath();
        }
        List<Path> kept = new ArrayList<>(files.keptModels().keySet());
        return newer(files.lastModelPath(), kept.isEmpty() ? null : kept.get(kept.size() - 1));
    }

    private static @Nullable Path newer(@Nullable Path one, @Nullable Path other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return modified(other) >= modified(one) ? other : one;
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return (name == null ? file : name).toString();
    }
}
