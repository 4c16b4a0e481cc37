package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.augment.RandomCrop;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that learn digits, on few of them. */
class MnistTest {
    @TempDir
    Path folder;

    @Test
    void cnn_learnsTestsAndDraws() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 1200, 200);
        Path run = folder.resolve("run");

        Outcome outcome = Outcome.of(
                "mnist-cnn",
                "--data",
                data.toString(),
                "--epochs",
                "2",
                "--seed",
                "1",
                "--output",
                run.toString(),
                "--tensorboard");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        Matcher accuracy = Pattern.compile("test accuracy +(0\\.\\d{4})").matcher(outcome.out());
        assertThat(accuracy.find()).isTrue();
        assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(0.6);
        assertThat(outcome.out()).containsPattern("all +200 +" + accuracy.group(1));
        assertThat(outcome.out()).contains(run.resolve("predictions.png").toString(), "best checkpoint");
        assertThat(Files.readString(run.resolve("result.json"))).contains("test_acc");
        BufferedImage sheet = ImageIO.read(run.resolve("predictions.png").toFile());
        assertThat(sheet.getWidth()).isGreaterThan(sheet.getHeight());
        BufferedImage wrong = ImageIO.read(run.resolve("wrong.png").toFile());
        assertThat(wrong.getWidth()).isEqualTo(6 * 132 + 20);
        String events = Files.readString(run.resolve("events.out.tfevents.lightning4j"), StandardCharsets.ISO_8859_1);
        assertThat(events)
                .contains("train_loss", "lr-Adam", "weights/net.0.weight", "gradients/net.12.bias", "net/12")
                .contains("val_confusion", "test_confusion/table", "test_pr/9", "test_wrong", "test_classes");
    }

    @Test
    void cnn_resumed_endsWhereAnUninterruptedRunEnds() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 300, 20);

        Outcome whole = cnn(data, "whole");
        Outcome first = cnn(data, "parts", "--save-every", "2", "--interrupt-at", "1");
        Outcome second = cnn(data, "parts", "--save-every", "2", "--resume");

        assertThat(whole.exitCode()).isZero();
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(second.exitCode()).isZero();
        assertThat(Outcome.weights(folder.resolve("parts"))).isEqualTo(Outcome.weights(folder.resolve("whole")));
    }

    private Outcome cnn(Path data, String run, String... more) {
        Stream<String> args = Stream.of(
                "mnist-cnn",
                "--epochs",
                "2",
                "--seed",
                "5",
                "--data",
                data.toString(),
                "--output",
                folder.resolve(run).toString());
        return Outcome.of(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void mlp_learnsTheBundledDigits() {
        Outcome outcome = Outcome.of("mnist-mlp", "--epochs", "2", "--seed", "1", "--output", folder.toString());

        assertThat(outcome.exitCode()).isZero();
        Matcher accuracy = Pattern.compile("validation accuracy +(0\\.\\d{4}) after 2 epochs")
                .matcher(outcome.out());
        assertThat(accuracy.find()).isTrue();
        assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(0.8);
    }

    @Test
    void bundledDigits_areSplitInThreeWithTheSameMixOfClasses() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            DigitSource.Parts parts = DigitSource.bundled().load(manager);

            assertThat(List.of(
                            parts.train().size(),
                            parts.val().size(),
                            parts.test().size()))
                    .containsExactly(8_000L, 1_000L, 1_000L);
        }
    }

    @Test
    void aFolder_givesItsLastSixthForValidation() throws IOException {
        SmallDigits.write(folder, 60, 7);
        try (NDManager manager = NDManager.newBaseManager()) {
            DigitSource.Parts parts = DigitSource.folder(folder).load(manager);

            assertThat(List.of(
                            parts.train().size(),
                            parts.val().size(),
                            parts.test().size()))
                    .containsExactly(50L, 10L, 7L);
        }
    }

    /** DJL finds the files through a repository; this one lies in a folder in place of the network. */
    @Test
    void aDownload_givesTheDigitsOfTheFiles() throws IOException {
        Path data = SmallDigits.write(folder.resolve("data"), 60, 10);
        Path index = folder.resolve("repository/dataset/cv/ai/djl/basicdataset/mnist/metadata.json");
        Files.createDirectories(index.getParent());
        Files.writeString(index, metadata(data));
        Repository repository = Repository.newInstance("folder", folder.resolve("repository"));

        try (MnistData files = new MnistData(DigitSource.folder(data), 8, new RandomCrop(1));
                MnistData downloaded = new MnistData(DigitSource.download(repository), 8, new RandomCrop(1))) {
            assertThat(firstBatch(downloaded)).usingRecursiveComparison().isEqualTo(firstBatch(files));
        }
    }

    private static List<Object> firstBatch(MnistData data) throws IOException {
        data.setup(Stage.TRAIN);
        try (NDManager manager = NDManager.newBaseManager();
                BatchCursor cursor = data.trainDataLoader().open(manager, new Seeds(3), 0, 0);
                Batch batch = cursor.next()) {
            NDArray images = batch.getData().head();
            return List.of(
                    images.getShape().toString(),
                    images.toFloatArray(),
                    batch.getLabels().head().toLongArray());
        }
    }

    private static String metadata(Path data) throws IOException {
        StringJoiner files = new StringJoiner(", ");
        for (String part : List.of("train", "test")) {
            String prefix = part.equals("train") ? "train" : "t10k";
            files.add(file(part + "_data", data.resolve(prefix + "-images-idx3-ubyte")));
            files.add(file(part + "_labels", data.resolve(prefix + "-labels-idx1-ubyte")));
        }
        return """
                {"metadataVersion": "0.2", "groupId": "ai.djl.basicdataset", "artifactId": "mnist", "name": "mnist",
                 "artifacts": [{"version": "1.0", "name": "mnist", "properties": {}, "files": {%s}}]}
                """.formatted(files);
    }

    private static String file(String name, Path path) throws IOException {
        return "\"%s\": {\"uri\": \"%s\", \"size\": %d}".formatted(name, path.toUri(), Files.size(path));
    }
}
