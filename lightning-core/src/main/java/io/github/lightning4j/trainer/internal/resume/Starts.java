package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.LightningException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts of a run: from where each went on and how many optimizer steps it executed. In a run directory they lie in
 * {@code starts.csv}, where the count is overwritten at every step, so that it survives whatever ends the process.
 */
public final class Starts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Starts.class);
    static final String NAME = "starts.csv";
    private static final String HEADER = "started_at,resumed_from_step,steps_executed";
    private static final long AFRESH = -1;

    private final List<Start> earlier;
    private final String startedAt =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final long from;
    private final long baseStep;
    private final @Nullable RandomAccessFile file;
    private final long cell;
    private final byte[] digits = new byte[Long.toString(Long.MAX_VALUE).length() + 1];
    private long executed;

    /** One start. */
    private record Start(String at, long from, long executed) {
        String row() {
            return at + ',' + (from == AFRESH ? "" : from) + ',' + executed + '\n';
        }

        static @Nullable Start parse(String row) {
            String[] cells = row.split(",", -1);
            try {
                return new Start(
                        cells[0], cells[1].isEmpty() ? AFRESH : Long.parseLong(cells[1]), Long.parseLong(cells[2]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                LOG.warn("A row of starts.csv cannot be read and is left out: {}", row);
                return null;
            }
        }
    }

    private Starts(List<Start> earlier, long from, @Nullable Path path) {
        this.earlier = List.copyOf(earlier);
        this.from = from;
        this.baseStep = Math.max(from, 0);
        if (path == null) {
            file = null;
            cell = 0;
            return;
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        earlier.forEach(start -> text.append(start.row()));
        String row = new Start(startedAt, from, 0).row();
        cell = text.length() + row.length() - "0\n".length();
        file = write(path, text.append(row).toString());
    }

    /**
     * Notes a start.
     *
     * @param directory the run directory, or null for a run that writes nothing
     * @param resumption whether and from where it is resumed
     * @param sameRun whether what the directory knows of starts is about this run
     */
    public static Starts begin(@Nullable Path directory, Resumption resumption, boolean sameRun) {
        Path path = directory == null ? null : directory.resolve(NAME);
        StateReader saved = resumption.starts();
        List<Start> earlier = saved == null ? List.of() : load(saved);
        if (path != null && sameRun && Files.exists(path)) {
            earlier = read(path);
        }
        return new Starts(earlier, resumption.isResuming() ? resumption.step() : AFRESH, path);
    }

    /** The starts of a run that is over, and this one, which its directory does not hear of. */
    public static Starts ofFinished(Path directory, Resumption resumption) {
        Path path = directory.resolve(NAME);
        StateReader saved = Objects.requireNonNull(resumption.starts());
        return new Starts(Files.exists(path) ? read(path) : load(saved), resumption.step(), null);
    }

    private static List<Start> read(Path path) {
        try (var lines = Files.lines(path, StandardCharsets.US_ASCII)) {
            return lines.skip(1)
                    .map(Start::parse)
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
        } catch (IOException e) {
            throw new LightningException(path + " cannot be read: " + e, e);
        }
    }

    /** The new file takes the old one's place in one go, so that a kill at this moment loses no row. */
    private static RandomAccessFile write(Path path, String text) {
        try {
            AtomicFile.write(path, text);
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw new LightningException(path + " cannot be written: " + e, e);
        }
    }

    /** Counts an optimizer step. The count only grows, so it always overwrites all of the one before. */
    public void step(long globalStep) {
        executed = globalStep - baseStep;
        if (file == null) {
            return;
        }
        try {
            int start = formatExecuted();
            file.seek(cell);
            file.write(digits, start, digits.length - start);
        } catch (IOException e) {
            throw new LightningException("starts.csv of the run directory cannot be written: " + e, e);
        }
    }

    /** Writes the count and a line feed to the end of {@link #digits} without making garbage; returns where it begins. */
    private int formatExecuted() {
        int start = digits.length - 1;
        digits[start] = '\n';
        long rest = executed;
        do {
            digits[--start] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return start;
    }

    /** The global step of every checkpoint the run was resumed from. */
    public List<Long> resumedFrom() {
        List<Long> steps = new ArrayList<>();
        all().stream().map(Start::from).filter(step -> step != AFRESH).forEach(steps::add);
        return steps;
    }

    /** The optimizer steps executed over all starts. */
    public long executed() {
        return all().stream().mapToLong(Start::executed).sum();
    }

    private List<Start> all() {
        List<Start> all = new ArrayList<>(earlier);
        all.add(new Start(startedAt, from, executed));
        return all;
    }

    void save(StateWriter state) {
        List<Start> all = all();
        state.putStrings("started_at", all.stream().map(Start::at).toList());
        state.putLongs("resumed_from_step", all.stream().mapToLong(Start::from).toArray());
        state.putLongs("steps_executed", all.stream().mapToLong(Start::executed).toArray());
    }

    private static List<Start> load(StateReader state) {
        List<String> at = state.getStrings("started_at");
        long[] from = state.getLongs("resumed_from_step");
        long[] executed = state.getLongs("steps_executed");
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            starts.add(new Start(at.get(i), from[i], executed[i]));
        }
        return starts;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new LightningException("starts.csv of the run directory cannot be closed: " + e, e);
            }
        }
    }
}
