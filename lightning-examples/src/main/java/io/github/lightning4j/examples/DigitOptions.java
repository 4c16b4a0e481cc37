package io.github.lightning4j.examples;

import ai.djl.basicdataset.BasicDatasets;
import io.github.lightning4j.data.augment.SampleTransform;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of the examples that learn digits, and the data they describe. */
final class DigitOptions {
    @Option(names = "--batch-size", paramLabel = "N", description = "Samples in a training batch.")
    private int batchSize = 64;

    @ArgGroup
    private @Nullable Source source;

    /** Where the digits come from: not from several places at once. */
    private static final class Source {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "A folder with the four IDX files of MNIST or of a data set in its form. Without it, the"
                        + " 10,000 bundled digits of MNIST are used.")
        private @Nullable Path folder;

        @Option(names = "--download", description = "Download all 70,000 digits of MNIST.")
        private boolean download;

        DigitSource digits() {
            return folder == null ? DigitSource.download(BasicDatasets.REPOSITORY) : DigitSource.folder(folder);
        }
    }

    int batchSize() {
        return batchSize;
    }

    /** The data, with what training changes in it at random. */
    MnistData data(SampleTransform... augmentations) {
        DigitSource digits = source == null ? DigitSource.bundled() : source.digits();
        return new MnistData(digits, batchSize, augmentations);
    }
}
