package io.github.lightning4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** What the command line says, and how it ends. */
class MainTest {
    @TempDir
    Path folder;

    @Test
    void noArguments_listTheExamples() {
        Outcome outcome = Outcome.of();

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains(
                        "mnist-cnn",
                        "mnist-mlp",
                        "linear-regression",
                        "char-transformer",
                        "time-series",
                        "image-transfer",
                        "autoencoder",
                        "gan",
                        "wgan-gp",
                        "cross-validation",
                        "tune",
                        "search",
                        "resume-demo",
                        "text-finetune");
        assertThat(outcome.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mnist-cnn",
                "mnist-mlp",
                "linear-regression",
                "char-transformer",
                "time-series",
                "image-transfer",
                "autoencoder",
                "gan",
                "wgan-gp",
                "cross-validation",
                "tune",
                "search",
                "text-finetune"
            })
    void help_listsTheOptionsWithTheirDefaults(String example) {
        Outcome outcome = Outcome.of(example, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("--epochs", "--lr", "--seed", "--threads", "--output", "--resume", "--save-every")
                .contains("--interrupt-at", "Default: ")
                .doesNotContain("null");
    }

    @Test
    void helpOfTheResumeDemo_listsItsOptionsWithTheirDefaults() {
        Outcome outcome = Outcome.of("resume-demo", "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("--kills", "--epochs", "--save-every", "--seed", "--threads", "--output", "Default: ")
                .doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        nothing                                  | no example [nothing] but [mnist-cnn, mnist-mlp, linear-regression,
        mnist-cn --epochs 1                      | no example [mnist-cn, --epochs, 1] (did you mean 'mnist-cnn'?) but
        --nothing                                | Unknown option: '--nothing'
        mnist-cnn --nothing                      | Unknown option: '--nothing'. 'lightning-examples mnist-cnn --help'
        mnist-cnn --epoch 7                      | Unknown options: '--epoch', '7' (did you mean '--epochs'?)
        mnist-cnn --save_every=7                 | Unknown option: '--save_every=7' (did you mean '--save-every'?)
        linear-regression --data x               | Unknown options: '--data', 'x'
        mnist-cnn --epochs many                  | 'many' is not an int
        mnist-cnn --epochs 0                     | --epochs is 0, but it must be 1 or more
        mnist-cnn --threads 0                    | threads is 0, but it must be 1 or more
        mnist-mlp --save-every 0                 | everyNTrainSteps is 0, but it must be 1 or more
        mnist-mlp --interrupt-at 0               | --interrupt-at is 0, but it must be 1 or more
        mnist-mlp --batch-size 0 --output FOLDER | batchSize is 0, but it must be 1 or more
        mnist-mlp --lr -1 --output FOLDER        | lr is -1.0
        linear-regression --resume               | --resume needs --output DIR
        mnist-cnn --data FOLDER/missing          | There is no data folder
        mnist-cnn --data FOLDER                  | holds none of
        mnist-cnn --data x --download            | mutually exclusive
        char-transformer --text FOLDER           | is no file
        char-transformer --text FOLDER/missing   | is no file
        char-transformer --write 0               | --write is 0, but it must be 1 or more
        char-transformer --batch-size 0          | batchSize is 0, but it must be 1 or more
        char-transformer --lr 0 --output FOLDER  | maxLr
        time-series --epochs 0                   | --epochs is 0, but it must be 1 or more
        time-series --batch-size none            | 'none' is not an int
        image-transfer --labels 0                | --labels is 0, but it must be 1 or more
        image-transfer --pretrain-epochs 0       | --pretrain-epochs is 0, but it must be 1 or more
        image-transfer --resume                  | --resume needs --output DIR
        autoencoder --code 0                     | --code is 0, but it must be from 1 to 256
        autoencoder --code 300                   | --code is 300, but it must be from 1 to 256
        autoencoder --data FOLDER/missing        | There is no data folder
        gan --batch-size 0 --output FOLDER       | batchSize is 0, but it must be 1 or more
        gan --resume                             | --resume needs --output DIR
        wgan-gp --critic-steps 0                 | --critic-steps is 0, but it must be 1 or more
        wgan-gp --penalty -1                     | --penalty is -1.0
        resume-demo --kills 0                    | --kills is 0, but it must be 1 or more
        resume-demo --epochs 0                   | --epochs is 0, but it must be 1 or more
        resume-demo --save-every 0               | --save-every is 0, but it must be 1 or more
        resume-demo --config x                   | Unknown options: '--config', 'x'
        cross-validation --folds 1               | the number of folds is 1, but it must be 2 or more
        cross-validation --samples 0             | --samples is 0, but it must be 1 or more
        cross-validation --resume                | --resume needs --output DIR
        tune --epochs 0                          | --epochs is 0, but it must be 1 or more
        tune --interrupt-at 1                    | --interrupt-at is for examples of one run
        tune --save-every 5                      | --save-every is for examples that keep their run
        search --tensorboard                     | --tensorboard is for examples of one run
        search --trials 0                        | random is 0, but it must be 1 or more
        search --epochs 1                        | maxEpochs is 1, but it must be 2 or more
        """)
    void aMistake_isOneLineAndExitCode2(String line, String message) {
        Outcome outcome = Outcome.of(line.replace("FOLDER", folder.toString()).split(" +"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains(message);
    }

    @Test
    void aTruncatedFile_isNamed() throws IOException {
        SmallDigits.write(folder, 60, 10);
        Path images = folder.resolve("train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(bytes, bytes.length / 2));

        Outcome outcome = Outcome.of("mnist-cnn", "--data", folder.toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains(images.toString());
    }

    @Test
    void aTextThatIsTooShortOrNone_isNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("short"), "a few words");
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        Outcome tooShort = Outcome.of("char-transformer", "--text", text.toString());
        Outcome none = Outcome.of("char-transformer", "--text", bytes.toString());

        assertThat(tooShort.errLines()).singleElement().asString().contains(text.toString(), "11 characters", "2000");
        assertThat(none.errLines()).singleElement().asString().contains(bytes.toString(), "UTF-8");
        assertThat(tooShort.exitCode()).isEqualTo(2);
        assertThat(none.exitCode()).isEqualTo(2);
    }

    @Test
    void aFileOfOptions_isTaken_andTheCommandLineCountsMore() throws IOException {
        Path config = Files.writeString(
                folder.resolve("train.yaml"),
                "epochs: 7\nseed: 5\nsave-every: 2\ntrainer:\n  maxSteps: 3\n  logEveryNSteps: 1\n");
        Path byFile = folder.resolve("a");
        Path byHand = folder.resolve("b");

        Outcome file = Outcome.of("linear-regression", "--config", config.toString(), "--output", byFile.toString());
        Outcome more =
                Outcome.of("linear-regression", "--config=" + config, "--epochs", "2", "--output", byHand.toString());

        assertThat(file.errLines()).isEmpty();
        assertThat(file.exitCode()).isZero();
        assertThat(Files.readString(byFile.resolve("result.json"))).contains("maxSteps=3 reached", "\"seed\": 5");
        assertThat(byFile.resolve("checkpoints")).isDirectoryContaining("glob:**step=2*");
        assertThat(more.exitCode()).isZero();
        assertThat(Files.readString(byHand.resolve("result.json"))).contains("maxEpochs=2 reached");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        epoch: 7                  | there is no option 'epoch' (did you mean 'epochs'?). There are [epochs, interrupt-at, lr,
        save_evry: 7              | there is no option 'save_evry' (did you mean 'save-every'?)
        triner: {maxSteps: 5}     | there is no option 'triner' (did you mean 'trainer'?)
        {nonsense: 7, sed: 1}     | there is no option 'nonsense', there is no option 'sed' (did you mean 'seed'?)
        epochs: many              | 'many' is not an int
        trainer: 5                | 'trainer' has to be a group of options, but is 5
        trainer: {maxEpochs: 5}   | 'maxEpochs' of the Trainer is decided by 'epochs' here
        trainer: {maxStep: 5}     | trainer: there is no option 'maxStep' (did you mean 'maxSteps'?)
        trainer: {maxSteps: many} | trainer: 'maxSteps' is the text "many", but has to be a whole number
        a: [                      | cannot be read
        """)
    void aMistakeInAFileOfOptions_isOneLineThatNamesIt(String text, String message) throws IOException {
        Path config = Files.writeString(folder.resolve("train.yaml"), text);

        Outcome outcome = Outcome.of("linear-regression", "--config", config.toString());

        assertThat(outcome.errLines()).singleElement().asString().contains(message);
        assertThat(outcome.exitCode()).isEqualTo(2);
    }

    @Test
    void aDirectoryThatHoldsARun_isRefusedUnlessResumed() {
        String output = folder.resolve("run").toString();

        Outcome first = Outcome.of("linear-regression", "--epochs", "2", "--output", output);
        Outcome second = Outcome.of("linear-regression", "--epochs", "2", "--output", output);

        assertThat(first.exitCode()).isZero();
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.errLines()).singleElement().asString().contains(output, "--resume");
    }

    @Test
    void anUnforeseenFailure_isOneLineAndExitCode1() {
        Outcome outcome = Outcome.of(new Broken());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .contains("IllegalStateException", "one line and another");
    }

    @Command(name = "broken")
    private static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("one line\n    and another");
        }
    }
}
