package io.github.lightning4j;

import io.github.lightning4j.internal.record.RecordRules;
import java.lang.reflect.AnnotatedType;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of saved hyperparameters: each component is there, since it was written. */
final class SavedRecord implements RecordRules {
    private final String source;

    SavedRecord(String source) {
        this.source = source;
    }

    @Override
    public String separator() {
        return "/";
    }

    @Override
    public @Nullable Record defaults(Class<?> record) {
        return null;
    }

    @Override
    public boolean mayBeNull(AnnotatedType type) {
        return true;
    }

    @Override
    public boolean mayBeLeftOut() {
        return false;
    }

    @Override
    public CheckpointException missing(Class<?> record, String path, Set<?> given) {
        return new CheckpointException("Hyperparameter '" + path + "' of " + record.getName() + " is not in " + source
                + ", which holds " + new TreeSet<>(given) + ".");
    }

    @Override
    public CheckpointException unknown(Class<?> record, String path, Set<String> names, Set<String> absent) {
        return new CheckpointException(source + " holds hyperparameters that " + record.getName() + " does not have: "
                + names + (absent.isEmpty() ? "." : ", and lacks '" + String.join("', '", absent) + "'."));
    }

    @Override
    public CheckpointException wrong(String path, @Nullable Object value, AnnotatedType expected, String reason) {
        return new CheckpointException("Hyperparameter '" + path + "' is " + value + " in " + source + ", which is no "
                + expected.getType().getTypeName() + (reason.isEmpty() ? "." : ": " + reason + "."));
    }

    @Override
    public CheckpointException refused(Class<?> record, String path, Throwable cause) {
        return new CheckpointException(
                record.getName() + " refuses the hyperparameters in " + source + ": " + cause, cause);
    }
}
