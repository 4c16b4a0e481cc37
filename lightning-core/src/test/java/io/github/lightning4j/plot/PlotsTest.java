package io.github.lightning4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Matrices, histograms and pictures as plots. */
class PlotsTest {
    private static final LogItem.Image RED = new LogItem.Image(2, 2, new int[] {0xFF0000, 0, 0, 0xFF0000});

    private static MetricValue.Matrix matrix(List<String> names, double... values) {
        List<List<Double>> rows = IntStream.range(0, values.length / names.size())
                .mapToObj(row -> IntStream.range(0, names.size())
                        .mapToObj(column -> values[row * names.size() + column])
                        .toList())
                .toList();
        return new MetricValue.Matrix(names, names, rows);
    }

    @Test
    void aConfusionMatrix_hasEachCountInItsCell() {
        MatrixPlot plot = MatrixPlot.of("confusion", List.of("cat", "<dog>"), new long[][] {{40, 3}, {0, 57}});
        SvgParts svg = new SvgParts(plot);

        assertThat(svg.texts()).contains("confusion", "cat", "<dog>", "label", "predicted");
        double cell = svg.place("3")[0] - svg.place("40")[0];
        assertThat(cell).isCloseTo(56, within(0.1));
        assertThat(svg.place("57")[1] - svg.place("3")[1]).isCloseTo(56, within(0.1));
        LogItem.Image image = plot.toImage();
        int corner = (int) (svg.place("57")[1] - 25) * image.width() + (int) svg.place("57")[0] - 25;
        assertThat(image.rgb()[corner]).isEqualTo(0x08306B);
        int empty = (int) (svg.place("0")[1] - 25) * image.width() + (int) svg.place("0")[0] - 20;
        assertThat(image.rgb()[empty]).isEqualTo(0xFFFFFF);
        assertThatThrownBy(() -> MatrixPlot.of("t", List.of("a", "b"), new long[][] {{1, 2}}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[[1, 2]]");
    }

    @Test
    void sharesNegativesAndNaN_areShown() {
        SvgParts svg = new SvgParts(Plots.of("t", matrix(List.of("a", "b"), 0.97, Double.NaN, -0.0125, 1234567890)));

        assertThat(svg.texts()).contains("0.97", "-0.013", "1.2e+09").doesNotContain("NaN");
        assertThat(svg.all("polyline", "stroke", "#999999")).hasSize(1);
    }

    @Test
    void anyMatrix_isDrawn() {
        List<String> many = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
        double[] diagonal = new double[1_000_000];
        IntStream.range(0, 1000).forEach(i -> diagonal[1001 * i] = 1);
        MatrixPlot large = MatrixPlot.of("t", matrix(many, diagonal));
        MatrixPlot empty = MatrixPlot.of("t", new MetricValue.Matrix(List.of(), List.of(), List.of()));
        MatrixPlot unknown = MatrixPlot.of("t", matrix(List.of("a"), Double.NEGATIVE_INFINITY));

        assertThat(List.of(large.width(), large.height())).allMatch(length -> length < 900);
        assertThat(large.toSvg()).hasSizeLessThan(100_000).contains(">class 0<").doesNotContain(">class 1<");
        assertThat(new SvgParts(empty).texts()).contains("t");
        assertThat(new SvgParts(unknown).texts()).contains("t");
        assertThat(empty.toPng()).isNotEmpty();
    }

    @Test
    void numbers_areAColumn() {
        SvgParts vector = new SvgParts(Plots.of("t", new MetricValue.Vector(List.of("x", "y"), List.of(1.0, 2.5))));
        SvgParts scalar = new SvgParts(Plots.of("t", MetricValue.of(7)));

        assertThat(vector.texts()).contains("x", "y", "1", "2.5");
        assertThat(scalar.texts()).contains("7");
    }

    @Test
    void aHistogram_hasABarForEachBucket() {
        double[] values =
                IntStream.range(0, 60).mapToDouble(i -> i % 30 < 15 ? 0 : 1).toArray();
        values[0] = Double.NaN;
        SvgParts svg = new SvgParts(HistogramPlot.of("h", values));

        List<double[]> bars = svg.all("polygon", "fill", "#1f77b4").stream()
                .map(SvgParts::points)
                .toList();
        assertThat(bars).hasSize(LogItem.Histogram.BUCKETS);
        double zero = svg.place("0")[1] - 5;
        double thirty = svg.place("30")[1] - 5;
        assertThat(bars.get(29)[1]).isCloseTo(thirty, within(0.1));
        assertThat(bars.get(29)[5]).isCloseTo(430, within(0.1));
        assertThat(bars.get(7)[1]).isCloseTo(bars.get(7)[5], within(0.1));
        assertThat(zero).isLessThanOrEqualTo(435);
        assertThat(svg.texts()).contains("h", "count", "value (59, and 1 NaN or infinite)");
    }

    @Test
    void anyHistogram_isDrawn() {
        for (double[] values : List.of(
                new double[0],
                new double[] {5},
                new double[] {Double.NaN},
                new double[] {-Double.MAX_VALUE, Double.MAX_VALUE},
                new double[] {-3, -3, -3})) {
            HistogramPlot plot = HistogramPlot.of("h", values);

            assertThat(new SvgParts(plot).texts()).contains("h");
            assertThat(plot.toPng()).isNotEmpty();
        }
    }

    @Test
    void plainPictures_standPixelForPixelWithALineBetween() {
        try (NDManager manager = NDManager.newBaseManager()) {
            LogItem.Image grid =
                    ImageGrid.of(manager.ones(new Shape(3, 1, 2, 3)), 2).toImage();

            assertThat(List.of(grid.width(), grid.height())).containsExactly(7, 5);
            String rows = IntStream.range(0, 35)
                    .mapToObj(i -> (grid.rgb()[i] == 0xFFFFFF ? "#" : grid.rgb()[i] == 0x808080 ? "." : "?")
                            + (i % 7 == 6 ? "\n" : ""))
                    .collect(Collectors.joining());
            assertThat(rows).isEqualTo("###.###\n###.###\n.......\n###....\n###....\n");
        }
    }

    @Test
    void captionsRowsAndMarks_areAroundThePictures() throws IOException {
        ImageGrid grid = ImageGrid.builder(2)
                .side(100)
                .rowName("first")
                .add(RED, "is 3")
                .addMarked(RED, "is 5 & a very long caption, so long that it is cut")
                .add(RED)
                .build();
        SvgParts svg = new SvgParts(grid);

        assertThat(svg.texts())
                .contains("first", "is 3")
                .anyMatch(text -> text.startsWith("is 5 &") && text.endsWith("…"));
        List<Element> pictures = svg.all("image");
        assertThat(pictures).hasSize(3);
        Element second = pictures.get(1);
        assertThat(SvgParts.number(second, "width")).isEqualTo(100);
        String data = second.getAttribute("href");
        byte[] png = Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1));
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRGB(1, 1) & 0xFFFFFF)
                .isEqualTo(0xFF0000);
        LogItem.Image image = grid.toImage();
        int left = (int) SvgParts.number(second, "x");
        int top = (int) SvgParts.number(second, "y");
        assertThat(image.rgb()[(top + 49) * image.width() + left + 49]).isEqualTo(0xFF0000);
        assertThat(image.rgb()[(top + 49) * image.width() + left + 51]).isEqualTo(0);
        assertThat(image.rgb()[(top + 49) * image.width() + left - 2]).isEqualTo(0xC62828);
    }

    @Test
    void aGridThatIsTooLarge_isRefused() {
        ImageGrid.Builder builder = ImageGrid.builder(100).side(1000);
        List<LogItem.Image> pictures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pictures.add(RED);
        }
        pictures.forEach(builder::add);

        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the pixels of an image grid");
        assertThatThrownBy(() -> ImageGrid.builder(0)).isInstanceOf(ConfigurationException.class);
        assertThat(ImageGrid.builder(3).build().toPng()).isNotEmpty();
    }
}
