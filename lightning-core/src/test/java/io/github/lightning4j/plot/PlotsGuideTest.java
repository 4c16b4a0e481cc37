package io.github.lightning4j.plot;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.PrecisionRecallCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/plots.md, which are parts of this class. */
class PlotsGuideTest {
    @TempDir
    Path directory;

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "plots.md");
    }

    @Test
    void metrics() throws IOException {
        Files.writeString(directory.resolve("metrics.csv"), "step,epoch,train_loss,val_loss\n1,0,1,\n2,0,,0.5\n");
        LinePlot loss = LinePlot.builder("Loss")
                .metrics(directory.resolve("metrics.csv"), "train_loss", "val_loss")
                .yName("cross entropy")
                .build();
        loss.write(directory.resolve("loss.svg"));
        loss.write(directory.resolve("loss.png"));

        assertThat(new SvgParts(loss).texts()).contains("val_loss", "cross entropy");
        assertThat(directory.resolve("loss.png")).isNotEmptyFile();
    }

    @Test
    void values() throws IOException {
        ConfusionMatrix confusion = ConfusionMatrix.multiclass(3).build();
        PrecisionRecallCurve curve = PrecisionRecallCurve.binary().build();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray labels = manager.create(new long[] {0, 1, 1, 2});
            confusion.update(manager.create(new long[] {0, 1, 2, 2}), labels);
            curve.update(
                    manager.create(new float[] {0.1f, 0.9f, 0.4f, 0.6f}),
                    labels.gt(0).toType(labels.getDataType(), false));
        }

        Plots.of("confusion", confusion.value()).write(directory.resolve("confusion.svg"));
        Plots.of("precision and recall", curve.value()).write(directory.resolve("pr.svg"));

        assertThat(Files.readString(directory.resolve("confusion.svg"))).contains(">predicted<");
        assertThat(Files.readString(directory.resolve("pr.svg"))).contains(">recall<", ">precision<");
    }

    @Test
    void aForecast() {
        double[] years = {1999, 2000};
        double[] low = {1, 2};
        double[] high = {3, 4};
        double[] median = {2, 3};
        LinePlot forecast = LinePlot.builder("Forecast")
                .band("10 % to 90 %", years, low, high)
                .line("median", years, median)
                .xName("year")
                .build();

        assertThat(new SvgParts(forecast).texts()).contains("10 % to 90 %", "2000");
    }

    @Test
    void digits() throws IOException {
        LogItem.Image digit = new LogItem.Image(2, 1, new int[] {0, 0xFFFFFF});
        ImageGrid.Builder grid = ImageGrid.builder(5).side(112);
        grid.add(digit, "7  99.8 %");
        grid.addMarked(digit, "1  60.2 %, is 7");
        grid.build().write(directory.resolve("digits.png"));

        assertThat(new SvgParts(grid.build()).texts()).containsExactly("7  99.8 %", "1  60.2 %, is 7");
    }
}
