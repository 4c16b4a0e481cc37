package io.github.lightning4j.logger;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.internal.io.AtomicFile;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file of numbers that only grows, at its end and to its right. Rows are collected in memory until {@link #flush}.
 * A new column rewrites the file, and the new one takes the old one's place in one go, so that no moment loses a row.
 */
final class CsvFile implements AutoCloseable {
    private static final List<String> KEYS = List.of("step", "epoch");

    private final Path path;
    private final Set<String> columns = new LinkedHashSet<>(KEYS);
    private final StringBuilder pending = new StringBuilder();
    private long rows;
    private long length;
    private @Nullable FileOutputStream stream;

    CsvFile(Path path) {
        this.path = path;
    }

    List<String> metricColumns() {
        return List.copyOf(columns).subList(KEYS.size(), columns.size());
    }

    long rows() {
        return rows;
    }

    /** The length in bytes, what is still in memory included. */
    long length() {
        return length + pending.length();
    }

    boolean isKeyColumn(String name) {
        return KEYS.contains(name);
    }

    void append(long step, long epoch, Map<String, Double> metrics) throws IOException {
        if ((rows == 0 && length() == 0) || !columns.containsAll(metrics.keySet())) {
            widen(metrics.keySet());
        }
        pending.append(step).append(',').append(epoch);
        int column = 0;
        for (String name : columns) {
            if (column++ >= KEYS.size()) {
                pending.append(',');
                Double value = metrics.get(name);
                if (value != null) {
                    pending.append(value.doubleValue());
                }
            }
        }
        pending.append('\n');
        rows++;
    }

    /** Adds columns behind those there are, or writes the first header. */
    private void widen(Set<String> names) throws IOException {
        columns.addAll(names);
        close();
        if (rows == 0) {
            try (CsvWriter header = writer(new FileOutputStream(path.toFile()))) {
                header.writeRecord(columns);
            }
        } else {
            long all = rows;
            AtomicFile.write(path, channel -> copy(all, channel));
        }
        length = Files.size(path);
    }

    /**
     * Makes the file hold the first so many rows, and of them the columns given.
     *
     * @throws CheckpointException if it is not so many bytes long then; it stays as it is
     */
    void cutBack(long keptRows, List<String> metricColumns, long expectedLength) throws IOException {
        close();
        columns.retainAll(KEYS);
        columns.addAll(metricColumns);
        AtomicFile.write(path, channel -> {
            copy(keptRows, channel);
            if (rows != keptRows || channel.position() != expectedLength) {
                throw new CheckpointException(path + " does not hold the " + keptRows + " rows (" + expectedLength
                        + " bytes) it held when the checkpoint was saved. Restore it, or move it away to go on"
                        + " without them.");
            }
        });
        length = expectedLength;
    }

    /** Takes the file as it is, to go on at its end. */
    void goOn() throws IOException {
        columns.retainAll(KEYS);
        rows = 0;
        try (CsvReader<CsvRecord> source = reader(path)) {
            Iterator<CsvRecord> records = source.iterator();
            if (records.hasNext()) {
                columns.addAll(records.next().getFields());
            }
            for (; records.hasNext(); rows++) {
                records.next();
            }
        }
        length = Files.size(path);
    }

    private void copy(long keptRows, FileChannel channel) throws IOException {
        rows = 0;
        try (CsvReader<CsvRecord> source = reader(path)) {
            CsvWriter target = writer(Channels.newOutputStream(channel));
            Iterator<CsvRecord> records = source.iterator();
            if (records.hasNext()) {
                records.next();
            }
            target.writeRecord(columns);
            for (; rows < keptRows && records.hasNext(); rows++) {
                target.writeRecord(resized(records.next().getFields()));
            }
            target.flush();
        }
    }

    private List<String> resized(List<String> fields) {
        List<String> resized = new ArrayList<>(fields.subList(0, Math.min(fields.size(), columns.size())));
        while (resized.size() < columns.size()) {
            resized.add("");
        }
        return resized;
    }

    /** Hands everything to the operating system. */
    void flush() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        byte[] bytes = pending.toString().getBytes(StandardCharsets.US_ASCII);
        if (stream == null) {
            stream = new FileOutputStream(path.toFile(), true);
        }
        stream.write(bytes);
        length += bytes.length;
        pending.setLength(0);
    }

    /** Makes everything survive a loss of power. */
    void force() throws IOException {
        flush();
        if (stream != null) {
            stream.getFD().sync();
        }
    }

    /** Flushes, and lets go of the file until the next row. */
    @Override
    public void close() throws IOException {
        flush();
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    // Plain streams rather than channels, which an interrupt of the thread would close.

    private static CsvReader<CsvRecord> reader(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "it is no regular file");
        }
        return CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .detectBomHeader(true)
                .ofCsvRecord(new FileInputStream(path.toFile()));
    }

    private static CsvWriter writer(OutputStream stream) {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(stream);
    }
}
