package io.github.lightning4j.trainer.internal.resume;

import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.io.ByteOrderMark;
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
 * {@code starts.csv}, where the count is overwritten at every step, so that it survives whatever ends the process. They are
 * a record and nothing else: a file that is damaged or cannot be written is warned of once and done without.
 */
public final class Starts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Starts.class);
    static final String NAME = "starts.csv";
    private static final String HEADER = "started_at,resumed_from_step,steps_executed";
    private static final long AFRESH = -1;
    /** The oldest beyond these are summed up. */
    private static final int REMEMBERED = 1000;
    /** Of these a checkpoint knows. */
    private static final int SAVED = 100;
    /** No file of ours is as long. */
    private static final long MOST_BYTES = 1 << 20;
    /** More than any run executes, and few enough to be summed. */
    private static final long MOST_STEPS = 1L << 50;

    private final List<Start> earlier;
    private final String startedAt =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final long from;
    private final long baseStep;
    private @Nullable RandomAccessFile file;
    private final long cell;
    private final byte[] digits = new byte[Long.toString(Long.MAX_VALUE).length() + 1];
    private long executed;

    /** One start. */
    private record Start(String at, long from, long executed) {
        String row() {
            return at + ',' + (from == AFRESH ? "" : from) + ',' + executed + '\n';
        }

        boolean isPossible() {
            return at.matches("[0-9TZ:.+-]{1,40}")
                    && from >= AFRESH
                    && from <= MOST_STEPS
                    && executed >= 0
                    && executed <= MOST_STEPS;
        }

        /** The start a row tells of, or null. */
        static @Nullable Start parse(String row) {
            String[] cells = row.split(",", -1);
            try {
                Start start = new Start(
                        cells[0], cells[1].isEmpty() ? AFRESH : Long.parseLong(cells[1]), Long.parseLong(cells[2]));
                return start.isPossible() ? start : null;
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                return null;
            }
        }
    }

    private Starts(List<Start> earlier, long from, @Nullable Path path) {
        this.earlier = newest(earlier, REMEMBERED);
        this.from = from;
        this.baseStep = Math.max(from, 0);
        if (path == null) {
            file = null;
            cell = 0;
            return;
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        this.earlier.forEach(start -> text.append(start.row()));
        String row = new Start(startedAt, from, 0).row();
        cell = text.length() + row.length() - "0\n".length();
        file = write(path, text.append(row).toString());
    }

    /** The newest; what the others executed is added to the oldest of them. */
    private static List<Start> newest(List<Start> starts, int most) {
        int forgotten = starts.size() - most;
        if (forgotten <= 0) {
            return List.copyOf(starts);
        }
        long sum = starts.subList(0, forgotten + 1).stream()
                .mapToLong(Start::executed)
                .sum();
        List<Start> rest = new ArrayList<>(starts.subList(forgotten, starts.size()));
        rest.set(0, new Start(rest.get(0).at(), rest.get(0).from(), sum));
        return List.copyOf(rest);
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
        List<Start> earlier = path != null && sameRun ? read(path) : null;
        if (earlier != null && !resumption.isResuming()) {
            LOG.info(
                    "The run in {} begins afresh: the {} steps of its earlier starts ended before a checkpoint",
                    directory,
                    earlier.stream().mapToLong(Start::executed).sum());
        }
        if (earlier == null) {
            earlier = load(resumption.starts());
        }
        return new Starts(earlier, resumption.isResuming() ? resumption.step() : AFRESH, path);
    }

    /** The starts of a run that is over, and this one, which its directory does not hear of. */
    public static Starts ofFinished(Path directory, Resumption resumption) {
        List<Start> earlier = read(directory.resolve(NAME));
        return new Starts(earlier == null ? load(resumption.starts()) : earlier, resumption.step(), null);
    }

    /** The starts a file tells of; null if there is none that can be read. */
    private static @Nullable List<Start> read(Path path) {
        if (!Files.exists(path)) {
            return null;
        }
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
                LOG.warn("{} is no file of starts; the run goes on without it", path);
                return null;
            }
            byte[] text = ByteOrderMark.strip(Files.readAllBytes(path));
            List<String> rows =
                    new String(text, StandardCharsets.ISO_8859_1).lines().toList();
            List<Start> starts = rows.stream()
                    .skip(1)
                    .map(Start::parse)
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
            if (starts.size() < rows.size() - 1
                    || rows.isEmpty()
                    || !rows.get(0).equals(HEADER)) {
                LOG.warn("{} is damaged; {} of its rows are readable", path, starts.size());
            }
            return starts.isEmpty() ? null : starts;
        } catch (IOException e) {
            LOG.warn("{} cannot be read; the run goes on without it: {}", path, e.toString());
            return null;
        }
    }

    /** The new file takes the old one's place in one go, so that a kill at this moment loses no row. */
    private static @Nullable RandomAccessFile write(Path path, String text) {
        try {
            AtomicFile.write(path, text);
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            LOG.warn("{} cannot be written; the run goes on without it: {}", path, e.toString());
            return null;
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
            LOG.warn("starts.csv cannot be written any more; the run goes on without it: {}", e.toString());
            close();
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
        List<Start> all = newest(all(), SAVED);
        state.putStrings("started_at", all.stream().map(Start::at).toList());
        state.putLongs("resumed_from_step", all.stream().mapToLong(Start::from).toArray());
        state.putLongs("steps_executed", all.stream().mapToLong(Start::executed).toArray());
    }

    private static List<Start> load(@Nullable StateReader state) {
        if (state == null) {
            return List.of();
        }
        List<String> at = state.getStrings("started_at");
        long[] from = state.getLongs("resumed_from_step");
        long[] executed = state.getLongs("steps_executed");
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < Math.min(at.size(), Math.min(from.length, executed.length)); i++) {
            Start start = new Start(at.get(i), from[i], executed[i]);
            if (start.isPossible()) {
                starts.add(start);
            }
        }
        return starts;
    }

    @Override
    public void close() {
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("starts.csv could not be closed: {}", e.toString());
            }
        }
    }
}
