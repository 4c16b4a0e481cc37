package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The example against the figures of the same training in PyTorch: torch.manual_seed(42), nn.L1Loss, SGD at 0.01. */
class LinearRegressionTest {
    private static final double[] TRAIN_MAE = {
        0.31288138,
        0.19767132,
        0.08908726,
        0.05314853,
        0.04543797,
        0.04167863,
        0.03818932,
        0.03476090,
        0.03132378,
        0.02788740
    };
    private static final double[] TEST_MAE = {
        0.48106518,
        0.34635520,
        0.21729660,
        0.14464018,
        0.11360953,
        0.09919948,
        0.08886633,
        0.08059376,
        0.07232123,
        0.06473556
    };
    private static final Pattern LOSSES =
            Pattern.compile("epoch +(\\d+) +train MAE (\\d\\.\\d{8}) +test MAE (\\d\\.\\d{8})");

    @TempDir
    Path folder;

    @Test
    void everyFigure_isPyTorchs() {
        Outcome outcome = Outcome.of("linear-regression", "--output", folder.toString());

        assertThat(outcome.exitCode()).isZero();
        List<MatchResult> lines = LOSSES.matcher(outcome.out()).results().toList();
        assertThat(lines).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(lines.get(i).group(1)).isEqualTo(Integer.toString(10 * i));
            assertThat(Double.parseDouble(lines.get(i).group(2))).isCloseTo(TRAIN_MAE[i], within(1e-6));
            assertThat(Double.parseDouble(lines.get(i).group(3))).isCloseTo(TEST_MAE[i], within(1e-6));
        }
        assertThat(outcome.out()).containsSubsequence("learned", "weight 0.5784   bias 0.3513");
        assertThat(outcome.out()).containsSubsequence("true", "weight 0.7000   bias 0.3000");
    }

    @Test
    void theLossCurve_isWellFormed() throws IOException, ParserConfigurationException, SAXException {
        Outcome.of("linear-regression", "--epochs", "20", "--output", folder.toString());

        Element svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("loss.svg").toFile())
                .getDocumentElement();
        assertThat(svg.getTagName()).isEqualTo("svg");
        assertThat(texts(svg)).contains("Linear regression: how the loss falls", "epoch", "mean absolute error");
        assertThat(texts(svg)).contains("train", "test", "0", "0.4", "15");
        BufferedImage png = ImageIO.read(folder.resolve("loss.png").toFile());
        assertThat(png.getWidth()).isEqualTo(800);
        assertThat(png.getHeight()).isEqualTo(500);
        assertThat(colours(png)).contains(0xFFFFFF, 0x1F77B4, 0xFF7F0E);
    }

    @Test
    void anInterruptedRun_endsWhereAnUninterruptedOneEnds() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");

        Outcome.of("linear-regression", "--epochs", "30", "--output", whole.toString());
        Outcome first =
                Outcome.of("linear-regression", "--epochs", "30", "--output", parts.toString(), "--interrupt-at", "13");
        Outcome second = Outcome.of("linear-regression", "--epochs", "30", "--output", parts.toString(), "--resume");

        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(value("weightsSha256", parts)).isEqualTo(value("weightsSha256", whole));
        assertThat(Files.readString(parts.resolve("loss.svg"))).isEqualTo(Files.readString(whole.resolve("loss.svg")));
        assertThat(Files.readString(parts.resolve("result.json")))
                .containsPattern("resumedFromSteps\": \\[\\s*13\\s*]");
    }

    private static String value(String key, Path run) throws IOException {
        return Pattern.compile("\"" + key + "\": (.*)")
                .matcher(Files.readString(run.resolve("result.json")))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(Element svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static List<Integer> colours(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels)
                .map(pixel -> pixel & 0xFFFFFF)
                .distinct()
                .boxed()
                .toList();
    }
}
