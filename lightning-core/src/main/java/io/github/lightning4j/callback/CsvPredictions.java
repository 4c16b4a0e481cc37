package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Predictions as rows of a CSV file, which has another name until it is complete. */
final class CsvPredictions implements PredictionSink {
    private final Path file;
    private final Path part;
    private final BufferedWriter out;
    private String header = "";

    CsvPredictions(Path file) {
        this.file = file.toAbsolutePath();
        this.part = this.file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(this.file.getParent());
            out = Files.newBufferedWriter(part);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private UncheckedIOException unwritable(IOException e) {
        return new UncheckedIOException("Cannot write the predictions to " + file + ": " + e, e);
    }

    @Override
    public void write(NDList outputs, Batch batch, int batchIndex, int loaderIndex) {
        List<Number[]> values = new ArrayList<>();
        StringBuilder columns = new StringBuilder("loader,batch,sample");
        int samples = -1;
        for (int i = 0; i < outputs.size(); i++) {
            NDArray array = outputs.get(i);
            int rows = PredictionNames.samples(array, samples, batchIndex);
            samples = rows;
            Number[] numbers = array.toArray();
            values.add(numbers);
            for (int j = 0; rows > 0 && j < numbers.length / rows; j++) {
                columns.append(',')
                        .append(PredictionNames.of(array, i))
                        .append('_')
                        .append(j);
            }
        }
        try {
            writeHeader(columns.toString(), batchIndex);
            for (int row = 0; row < samples; row++) {
                out.append(loaderIndex + "," + batchIndex + "," + row);
                for (Number[] numbers : values) {
                    writeRow(numbers, row, samples);
                }
                out.append('\n');
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void writeHeader(String columns, int batchIndex) throws IOException {
        if (header.isEmpty()) {
            header = columns;
            out.append(columns).append('\n');
        } else if (!header.equals(columns)) {
            throw new LightningException("The outputs of batch " + batchIndex + " have the columns " + columns
                    + ", but those before had " + header + ". Pad them in predictStep, or use PredictionWriter.to.");
        }
    }

    private void writeRow(Number[] numbers, int row, int samples) throws IOException {
        int width = numbers.length / samples;
        for (int i = row * width; i < (row + 1) * width; i++) {
            out.append(',').append(numbers[i].toString());
        }
    }

    @Override
    public void finish() {
        try {
            out.close();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
