package io.github.lightning4j.crossvalidation;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.Fold;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What must be the same whenever a cross-validation is started again: {@code folds.json} in its directory. */
final class FoldRecord {
    private static final String NAME = "folds.json";
    private static final String SEED = "seed";
    private static final String FOLDS = "folds";

    private FoldRecord() {}

    /**
     * Writes the record of a new cross-validation, or checks that of an earlier start.
     *
     * @return the seed: the one given, that of the earlier start, or a new one
     */
    static Seeds seeds(Path directory, List<Fold> folds, @Nullable Long given) {
        Path file = directory.resolve(NAME);
        List<Long> digests = folds.stream().map(FoldRecord::digest).toList();
        if (!Files.exists(file)) {
            Seeds seeds = given == null ? Seeds.draw() : new Seeds(given);
            write(file, Map.of(SEED, seeds.seed(), FOLDS, digests));
            return seeds;
        }
        Map<String, Object> earlier = read(file);
        if (!digests.equals(earlier.get(FOLDS))) {
            throw new ConfigurationException(
                    directory + " holds a cross-validation with other folds. Go on with the same"
                            + " data and the same KFold, or choose another directory.");
        }
        Object seed = earlier.get(SEED);
        if (!(seed instanceof Long saved) || given != null && !given.equals(saved)) {
            throw new ConfigurationException(directory + " holds a cross-validation with seed " + seed + ", not "
                    + given + ". Go on with the same seed, or choose another directory.");
        }
        return new Seeds(saved);
    }

    private static long digest(Fold fold) {
        CRC32C crc = new CRC32C();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        for (long sample : fold.valIndices()) {
            crc.update(number.putLong(0, sample).array());
        }
        return crc.getValue();
    }

    private static void write(Path file, Map<String, ?> content) {
        try {
            AtomicFile.write(file, Json.pretty(new TreeMap<>(content)) + System.lineSeparator());
        } catch (IOException e) {
            throw new LightningException("The folds could not be written to " + file + ": " + e + ".", e);
        }
    }

    private static Map<String, Object> read(Path file) {
        try {
            return Json.parse(Files.readString(file));
        } catch (IOException e) {
            throw new LightningException(
                    file + " cannot be read: " + e.getMessage() + ". Choose another directory, or restore it.", e);
        }
    }
}
