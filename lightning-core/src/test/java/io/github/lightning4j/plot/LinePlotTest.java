package io.github.lightning4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.MetricValue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** Lines are where their numbers are, and whatever the numbers are. */
class LinePlotTest {
    private static final String BLUE = "#1f77b4";
    private static final String ORANGE = "#ff7f0e";

    @TempDir
    Path folder;

    /** The lines of a colour in the plot itself: those of the legend are short. */
    private static List<double[]> lines(SvgParts svg, String color) {
        return svg.all("polyline", "stroke", color).stream()
                .map(SvgParts::points)
                .filter(points -> points.length != 4 || points[2] - points[0] != 28)
                .toList();
    }

    @Test
    void everyPoint_isAtItsTicks() {
        SvgParts svg = new SvgParts(LinePlot.builder("t")
                .line("a", new double[] {0, 10, 20}, new double[] {0, 5, 10})
                .xName("epoch")
                .yName("loss")
                .build());

        double[] line = lines(svg, BLUE).get(0);
        double zero = svg.place("0")[1] - 5;
        double ten = svg.place("10")[1] - 5;
        assertThat(line).hasSize(6);
        assertThat(line[1]).isCloseTo(zero, within(0.1));
        assertThat(line[5]).isCloseTo(ten, within(0.1));
        assertThat(line[3]).isCloseTo((zero + ten) / 2, within(0.1));
        double[] end = svg.place("20");
        assertThat(line[4]).isCloseTo(end[0], within(0.1));
        assertThat(svg.texts()).contains("t", "epoch", "loss", "a", "15");
    }

    @Test
    void thePng_showsWhatTheSvgSays() throws IOException {
        LinePlot plot = LinePlot.builder("t").line("a", 1, 1, 1).line("b", 2, 2).build();
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(plot.toPng()));
        double[] line = lines(new SvgParts(plot), BLUE).get(0);

        assertThat(List.of(png.getWidth(), png.getHeight())).containsExactly(800, 500);
        for (int x : new int[] {(int) line[0] + 20, (int) line[2], (int) line[4] - 20}) {
            assertThat(png.getRGB(x, (int) Math.round(line[1])) & 0xFFFFFF).isEqualTo(0x1F77B4);
        }
        assertThat(png.getRGB(2, 2) & 0xFFFFFF).isEqualTo(0xFFFFFF);
        LogItem.Image image = plot.toImage();
        assertThat(image.rgb()[250 * 800 + 400]).isEqualTo(png.getRGB(400, 250) & 0xFFFFFF);
    }

    @Test
    void whatIsNotFinite_isAGapAndALonePointADot() {
        double nan = Double.NaN;
        SvgParts svg = new SvgParts(LinePlot.builder("t")
                .line("a", 1, 2, nan, 3, Double.POSITIVE_INFINITY, 4, 5, 6, Double.NEGATIVE_INFINITY)
                .build());

        assertThat(lines(svg, BLUE)).extracting(each -> each.length).containsExactly(4, 6);
        assertThat(svg.all("polygon", "fill", BLUE)).hasSize(1);
        assertThat(svg.texts()).contains("0", "6").doesNotContain("NaN", "Infinity");
    }

    @Test
    void lines_differWithoutColour() {
        LinePlot.Builder builder = LinePlot.builder("t");
        for (int i = 0; i < 20; i++) {
            builder.line("n" + i, i, i + 1, i);
        }
        Set<String> looks = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            Look look = Look.of(i);
            looks.add(Arrays.toString(look.stroke().dashes()) + Arrays.toString(look.mark()));
        }
        SvgParts svg = new SvgParts(builder.build());

        assertThat(looks).hasSize(20);
        assertThat(lines(svg, ORANGE)).isNotEmpty();
        assertThat(svg.all("polyline", "stroke", ORANGE)).allMatch(line -> line.hasAttribute("stroke-dasharray"));
    }

    @Test
    void aName_isTextWhateverItHolds() {
        String name = "<b>&\"'\u0000\ud800 größe 😀";
        SvgParts svg = new SvgParts(
                LinePlot.builder(name).line(name, 1, 2).xName(name).yName(name).build());

        assertThat(svg.texts().stream().filter(text -> text.startsWith("<b>&\"'��")))
                .hasSize(4);
        assertThat(svg.all("b")).isEmpty();
    }

    @Test
    void manyLinesAndPoints_areBounded() {
        LinePlot.Builder builder = LinePlot.builder("t");
        for (int i = 0; i < 300; i++) {
            builder.line("class number " + i, i, i);
        }
        double[] noise = DoubleStream.iterate(1, x -> (x * 16807) % 2147483647)
                .limit(200_000)
                .toArray();
        double[] around = DoubleStream.of(noise).map(Math::sin).toArray();
        SvgParts many = new SvgParts(builder.build());
        LinePlot row = LinePlot.builder("t").line("row", noise).build();
        LinePlot cloud = LinePlot.builder("t").line("cloud", around, noise).build();

        assertThat(many.texts()).hasSizeLessThan(50).anyMatch(text -> text.matches("and 2\\d\\d more"));
        assertThat(many.all("polyline")).hasSizeLessThan(150);
        assertThat(row.toSvg()).hasSizeLessThan(60_000);
        assertThat(cloud.toSvg()).hasSizeLessThan(60_000);
        double[] y = lines(new SvgParts(row), BLUE).get(0);
        double[] rows = DoubleStream.iterate(1, i -> i < y.length, i -> i + 2)
                .map(i -> y[(int) i])
                .toArray();
        assertThat(Arrays.stream(rows).max().orElseThrow()
                        - Arrays.stream(rows).min().orElseThrow())
                .isGreaterThan(290);
    }

    static Stream<double[]> anyNumbers() {
        return Stream.of(
                new double[] {},
                new double[] {Double.NaN},
                new double[] {3.7},
                new double[] {0},
                new double[] {-5, -5, -5},
                new double[] {-3, -1, -2},
                new double[] {-1, 1},
                new double[] {1e-300, 2e-300},
                new double[] {Double.MIN_VALUE, 0},
                new double[] {-Double.MAX_VALUE, Double.MAX_VALUE},
                new double[] {1e15, 1e15 + 1},
                new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY});
    }

    @ParameterizedTest
    @MethodSource("anyNumbers")
    void anyNumbers_areDrawnBetweenTheAxes(double[] values) {
        SvgParts svg = new SvgParts(
                LinePlot.builder("t").line("", values).line("", values, values).build());

        for (Element line : svg.all("polyline")) {
            double[] points = SvgParts.points(line);
            for (int i = 0; i < points.length; i += 2) {
                assertThat(points[i]).isBetween(79.0, 771.0);
                assertThat(points[i + 1]).isBetween(50.0, 440.0);
            }
        }
        long ticks = svg.texts().stream()
                .filter(text -> text.matches("-?[\\d.]+(e-?\\d+)?"))
                .count();
        assertThat(ticks).isBetween(4L, 40L);
    }

    @Test
    void anAxis_hasFewRoundTicks() {
        assertThat(labels(Axis.around(DoubleStream.of(0.11, 0.48))))
                .containsExactly("0", "0.1", "0.2", "0.3", "0.4", "0.5");
        assertThat(labels(Axis.around(DoubleStream.of(20.3, 29.2))))
                .startsWith("20")
                .endsWith("30");
        assertThat(labels(Axis.around(DoubleStream.of(-0.3, 0.2)))).contains("-0.3", "0", "0.2");
        assertThat(labels(Axis.along(DoubleStream.of(0, 19)))).containsExactly("0", "5", "10", "15");
        assertThat(labels(Axis.along(DoubleStream.of(1, 2)))).containsExactly("1", "2");
        assertThat(labels(Axis.along(DoubleStream.of(0, 4e7)))).contains("0", "5000000", "4e7");
        assertThat(labels(Axis.around(DoubleStream.of(2e-6, 9e-6)))).contains("2e-6");
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis::label).toList();
    }

    @Test
    void aBand_isFilledInTheColourOfItsLine() {
        double[] x = {0, 1, 2, 3};
        SvgParts svg = new SvgParts(LinePlot.builder("t")
                .band("from to", x, new double[] {0, 0, Double.NaN, 1}, new double[] {2, 2, 2, 2})
                .line("middle", x, new double[] {1, 1, 1, 1})
                .build());

        List<Element> areas = svg.all("polygon", "fill", BLUE);
        assertThat(areas).allMatch(area -> area.getAttribute("fill-opacity").equals("0.25"));
        assertThat(areas.stream().map(SvgParts::points).filter(points -> points[1] > 100))
                .isNotEmpty();
        assertThat(svg.texts()).contains("from to", "middle");
        assertThatThrownBy(() -> LinePlot.builder("t").line("a", x, new double[2]))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 'a'")
                .hasMessageContaining("4");
    }

    @Test
    void theMetricsOfARun_areDrawnOverItsSteps() throws IOException {
        Path csv = Files.writeString(
                folder.resolve("metrics.csv"),
                "step,epoch,train_loss,\"val,loss\"\n2,0,0.5,\n4,0,NaN,\n6,0,0.25,\n6,0,,1\n12,1,,0\n8,1,0.5,\n");
        SvgParts svg = new SvgParts(
                LinePlot.builder("t").metrics(csv, "train_loss", "val,loss").build());

        double[] val = lines(svg, ORANGE).get(0);
        assertThat(val).hasSize(4);
        assertThat(val[2]).isCloseTo(svg.place("12")[0], within(0.1));
        assertThat(lines(svg, BLUE)).extracting(each -> each.length).containsExactly(4);
        assertThat(svg.texts()).contains("step", "train_loss", "val,loss");
        assertThatThrownBy(() -> LinePlot.builder("t").metrics(csv, "test_loss"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("test_loss")
                .hasMessageContaining("[step, epoch, train_loss, val,loss]");
    }

    @Test
    void theCurvesOfAMetric_areLinesNamedByClass() {
        List<MetricValue.Line> lines = new ArrayList<>();
        lines.add(new MetricValue.Line("cat", List.of(1.0, 0.0), List.of(0.5, 1.0), List.of(0.3)));
        lines.add(new MetricValue.Line("dog", List.of(), List.of(), List.of()));
        SvgParts svg = new SvgParts(Plots.of("pr", new MetricValue.Curve("recall", "precision", lines)));

        assertThat(svg.texts()).contains("pr", "recall", "precision", "cat", "dog");
        assertThat(lines(svg, BLUE).get(0)).hasSize(4);
    }

    @Test
    void aFile_isWrittenByItsSuffix() throws IOException {
        LinePlot plot = LinePlot.builder("t").line("a", 1, 2).build();
        plot.write(folder.resolve("new/a.PNG"));
        plot.write(folder.resolve("new/a.svg"));

        assertThat(Files.readString(folder.resolve("new/a.svg"))).isEqualTo(plot.toSvg());
        assertThat(Files.readAllBytes(folder.resolve("new/a.PNG"))).isEqualTo(plot.toPng());
        assertThatThrownBy(() -> plot.write(folder.resolve("a.jpg")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a.jpg");
        assertThat(folder.resolve("a.jpg")).doesNotExist();
    }

    @Test
    void aPlot_keepsWhatItWasBuiltWith() {
        double[] values = {1, 2};
        LinePlot.Builder builder = LinePlot.builder("t").line("a", values);
        LinePlot plot = builder.build();
        String before = plot.toSvg();
        values[0] = 7;
        builder.line("b", 3, 4).xName("x");

        assertThat(plot.toSvg()).isEqualTo(before);
    }
}
