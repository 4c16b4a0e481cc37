package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Stage;
import io.github.lightning4j.fixture.FakeRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final String HIDE = "\r\u001b[?7l";
    private static final String SHOW = " \u001b[?7h";
    private static final String SHOW_ERASED = "\u001b[K \u001b[?7h";
    private static final String ERASE = "\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    private final NDManager manager = NDManager.newBaseManager();
    private final Batch batch = new Batch(manager, new NDList(), new NDList(), 64, null, null, 0, 1);
    private final FakeRun run = new FakeRun();
    private long millis;

    ProgressBarTest() {
        run.maxEpochs = 3;
        run.trainBatches = 4;
        run.evaluationBatches = List.of(2L);
    }

    @AfterEach
    void close() {
        batch.close();
        manager.close();
    }

    @Test
    void live_drawsOneLineAndKeepsItAtTheEpochsEnd() {
        ProgressBar bar = bar(live(true, false));
        bar.onTrainStart(run);
        assertThat(written()).isEqualTo(HIDE + "Epoch 1/3 ──────────────────── 0/4 0.0s" + SHOW);
        bar.onTrainEpochStart(run);
        written();
        train(bar, 0, 100);
        assertThat(written())
                .isEqualTo(HIDE + "Epoch 1/3 ━━━━━─────────────── 1/4 0.1s 640 samples/s  loss=0.5000" + SHOW);
        train(bar, 1, 200);
        assertThat(written())
                .isEqualTo(HIDE + "Epoch 1/3 ━━━━━━━━━━────────── 2/4 0.3s < 0.4s 427 samples/s  loss=0.5000" + SHOW);
        bar.onValidationStart(run);
        assertThat(written())
                .isEqualTo(HIDE + "Epoch 1/3 validation ──────────────────── 0/2 0.0s  loss=0.5000" + SHOW_ERASED);
        evaluate(bar, 1000);
        written();
        run.barMetrics.put("val_acc", 0.9775);
        bar.onValidationEnd(run);
        assertThat(written())
                .isEqualTo(HIDE + "Epoch 1/3 ━━━━━━━━━━────────── 2/4 1.3s < 0.4s 427 samples/s"
                        + "  loss=0.5000 val_acc=0.9775" + SHOW);
        train(bar, 2, 200);
        train(bar, 3, 10);
        written();
        bar.onTrainEpochEnd(run);
        assertThat(written())
                .isEqualTo("\rEpoch 1/3 ━━━━━━━━━━━━━━━━━━━━ 4/4 1.5s 502 samples/s  loss=0.5000 val_acc=0.9775" + ERASE
                        + "\n");
        bar.onTrainEnd(run);
        bar.teardown(run, Stage.TRAIN);
        assertThat(written()).isEmpty();
    }

    @Test
    void live_withinTheInterval_drawsNothing() {
        ProgressBar bar = bar(live(true, false));
        bar.onTrainEpochStart(run);
        written();
        train(bar, 0, 79);
        assertThat(written()).isEmpty();
        train(bar, 1, 1);
        assertThat(written()).contains("2/4");
        train(bar, 2, 79);
        assertThat(written()).isEmpty();
    }

    @Test
    void live_inColour_paintsTheBarAlone() {
        ProgressBar bar = bar(live(true, true));
        bar.onTrainEpochStart(run);
        written();
        train(bar, 0, 100);
        assertThat(written())
                .isEqualTo(HIDE + "Epoch 1/3 \u001b[32m━━━━━\u001b[0m\u001b[2m━━━━━━━━━━━━━━━\u001b[0m"
                        + " 1/4 0.1s 640 samples/s  loss=0.5000" + SHOW);
    }

    @Test
    void live_withoutUnicodeOrAKnownLength_stillTells() {
        ProgressBar bar = bar(live(false, false));
        run.maxEpochs = -1;
        bar.onTrainEpochStart(run);
        train(bar, 0, 100);
        assertThat(written()).contains("Epoch 1 =====--------------- 1/4");
        run.trainBatches = -1;
        bar.onTrainEpochStart(run);
        train(bar, 0, 100);
        assertThat(written()).endsWith("Epoch 1 1 batches 0.1s 640 samples/s  loss=0.5000" + SHOW);
    }

    @Test
    void live_afterAnException_leavesTheLineClean() {
        ProgressBar bar = bar(live(true, false));
        bar.onTrainEpochStart(run);
        train(bar, 0, 100);
        written();
        bar.onException(run, new IllegalStateException());
        assertThat(written()).isEqualTo("\n");
        bar.onTrainEnd(run);
        bar.teardown(run, Stage.TRAIN);
        assertThat(written()).isEmpty();
    }

    @Test
    void live_theSanityCheckLeavesNoTrace_andATestStays() {
        ProgressBar bar = bar(live(true, false));
        run.stage = Stage.SANITY_CHECK;
        bar.onValidationStart(run);
        assertThat(written()).startsWith(HIDE + "Sanity check ");
        bar.onValidationEnd(run);
        assertThat(written()).isEqualTo("\r" + ERASE);

        run.stage = Stage.TEST;
        run.fitting = false;
        bar.onTestStart(run);
        for (int i = 0; i < 2; i++) {
            millis += 50;
            bar.onTestBatchEnd(run, batch, i, 0);
        }
        written();
        run.barMetrics.put("test_acc", 1e-5);
        bar.onTestEnd(run);
        assertThat(written()).isEqualTo("\rTest ━━━━━━━━━━━━━━━━━━━━ 2/2 0.1s 1,280 samples/s  test_acc=1.000e-05\n");
    }

    @Test
    void anEpochThatIsResumed_goesOnWhereItWas() {
        ProgressBar bar = bar(live(true, false));
        run.batchesDone = 2;
        run.samplesSeen = 128;
        bar.onTrainStart(run);
        assertThat(written()).contains("2/4");
        train(bar, 2, 100);
        assertThat(written()).contains("3/4 0.1s 640 samples/s");
        bar.onTrainEpochEnd(run);
        assertThat(written()).contains("3/4 0.1s 640 samples/s");
    }

    @Test
    void aFitWithNothingToDo_showsNothing() {
        ProgressBar bar = bar(live(true, false));
        bar.onTrainStart(run);
        written();
        bar.onTrainEnd(run);
        assertThat(written()).isEqualTo("\r" + ERASE);
    }

    @Test
    void plain_writesOneLineAnEpochWithoutControlCharacters() {
        ProgressBar bar = bar(new PlainDisplay(out));
        run.stage = Stage.SANITY_CHECK;
        bar.onValidationStart(run);
        bar.onValidationEnd(run);
        run.stage = Stage.TRAIN;
        bar.onTrainStart(run);
        for (run.epoch = 0; run.epoch < 2; run.epoch++) {
            bar.onTrainEpochStart(run);
            for (int i = 0; i < 4; i++) {
                train(bar, i, 500);
            }
            bar.onValidationStart(run);
            evaluate(bar, 1000);
            run.barMetrics.put("val_acc", 0.5 + run.epoch);
            bar.onValidationEnd(run);
            bar.onTrainEpochEnd(run);
        }
        bar.onTrainEnd(run);
        assertThat(written()).isEqualTo("""
                        Epoch 1/3: 4 batches in 3.0s, 128 samples/s, loss=0.5000, val_acc=0.5000
                        Epoch 2/3: 4 batches in 3.0s, 128 samples/s, loss=0.5000, val_acc=1.5000
                        """);
    }

    @Test
    void plain_inALongEpoch_writesEachTenthButNotWithinTenSeconds() {
        ProgressBar bar = bar(new PlainDisplay(out));
        run.trainBatches = 1000;
        bar.onTrainEpochStart(run);
        for (int i = 0; i < 500; i++) {
            train(bar, i, 200);
        }
        assertThat(written()).isEqualTo("""
                        Epoch 1/3: 100/1000 (10%) in 20s, 3:00 left, 320 samples/s, loss=0.5000
                        Epoch 1/3: 200/1000 (20%) in 40s, 2:40 left, 320 samples/s, loss=0.5000
                        Epoch 1/3: 300/1000 (30%) in 1:00, 2:20 left, 320 samples/s, loss=0.5000
                        Epoch 1/3: 400/1000 (40%) in 1:20, 2:00 left, 320 samples/s, loss=0.5000
                        Epoch 1/3: 500/1000 (50%) in 1:40, 1:40 left, 320 samples/s, loss=0.5000
                        """);
    }

    @Test
    void plain_inAnEndlessEpoch_writesOnceAMinute() {
        ProgressBar bar = bar(new PlainDisplay(out));
        run.trainBatches = -1;
        bar.onTrainEpochStart(run);
        for (int i = 0; i < 130; i++) {
            train(bar, i, 1000);
        }
        bar.onTrainEnd(run);
        assertThat(written()).isEqualTo("""
                        Epoch 1/3: 60 batches in 1:00, 64.0 samples/s, loss=0.5000
                        Epoch 1/3: 120 batches in 2:00, 64.0 samples/s, loss=0.5000
                        Epoch 1/3: 130 batches in 2:10, 64.0 samples/s, loss=0.5000
                        """);
    }

    private LiveDisplay live(boolean unicode, boolean colour) {
        Screen screen = new Screen(out, WindowSize.UNKNOWN);
        return new LiveDisplay(new OwnScreen(screen), new Theme(unicode, colour));
    }

    private ProgressBar bar(Display display) {
        return new ProgressBar(display, () -> millis * 1_000_000);
    }

    private void train(ProgressBar bar, int index, long duration) {
        millis += duration;
        run.samplesSeen += 64;
        run.batchesDone = index + 1L;
        run.barMetrics.put("loss", 0.5);
        bar.onTrainBatchEnd(run, null, batch, index);
    }

    private void evaluate(ProgressBar bar, long duration) {
        for (int i = 0; i < 2; i++) {
            millis += duration / 2;
            bar.onValidationBatchEnd(run, batch, i, 0);
        }
    }

    /** What was written since the last call. */
    private String written() {
        out.flush();
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text.replace(System.lineSeparator(), "\n");
    }
}
