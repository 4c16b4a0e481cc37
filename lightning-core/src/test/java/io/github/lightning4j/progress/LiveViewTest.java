package io.github.lightning4j.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import com.sun.management.ThreadMXBean;
import io.github.lightning4j.Mode;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SavePoint;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.FakeOptimizer;
import io.github.lightning4j.fixture.FakeRun;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The display in windows of several sizes, as one sees it. */
class LiveViewTest {
    private final NDManager manager = NDManager.newBaseManager();
    private final Batch batch = new Batch(manager, new NDList(), new NDList(), 64, null, null, 0, 1);
    private FakeRun run = new FakeRun();
    private long millis;

    @AfterEach
    void close() {
        batch.close();
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({"60, 20", "80, 24", "99, 50", "200, 23"})
    void aNarrowWindow_hasOneLine(int columns, int rows) {
        View view = new View(columns, rows, new Theme(true, false));
        start(view.bar);
        trainAndValidate(view.bar, 0.9);

        String line = "Epoch 1/3 ━━━━━━━━━━━━━━━━━━━━ 4/4 1.4s < 0.0s 640 samples/s  loss=0.2500 val_acc=0.9000";
        assertThat(view.terminal.screen()).containsExactly(line.substring(0, Math.min(line.length(), columns - 2)));
        view.bar.onTrainEpochEnd(run);
        end(view.bar);
        assertThat(view.terminal.isClean()).isTrue();
        assertThat(String.join("", view.terminal.screen()))
                .isEqualTo("Epoch 1/3 ━━━━━━━━━━━━━━━━━━━━ 4/4 1.4s 640 samples/s  loss=0.2500 val_acc=0.9000");
    }

    @Test
    void aWideWindow_hasABlock(@TempDir Path folder) {
        View view = new View(120, 40, new Theme(true, false));
        ModelCheckpoint best =
                ModelCheckpoint.builder().monitor("val_acc").mode(Mode.MAX).build();
        run = FakeRun.fit(folder, best);
        best.setup(run, Stage.TRAIN);
        start(view.bar);
        run.optimizers.add(FakeOptimizer.of("Adam", FakeOptimizer.group("all", Map.of(ParamGroup.LR, 1e-3))));
        trainAndValidate(view.bar, 0.9);
        run.metrics.putAll(run.barMetrics);
        best.onSavePoint(run, SavePoint.EPOCH);
        view.bar.onTrainEpochEnd(run);
        run.epoch = 1;
        view.bar.onTrainEpochStart(run);
        train(view.bar, 0);
        millis += 2000;
        train(view.bar, 1);

        List<String> screen = view.terminal.screen();
        assertThat(screen.subList(0, 10))
                .containsExactly(
                        "Epoch 1/3 ━━━━━━━━━━━━━━━━━━━━ 4/4 1.4s 640 samples/s  loss=0.2500 val_acc=0.9000",
                        "",
                        "Epoch 2/3              " + "━".repeat(24) + "─".repeat(25)
                                + " 2/4          2.2s < 4.2s     58.2 samples/s",
                        "Training               " + "━".repeat(24) + "─".repeat(25) + "  6/12 steps  3.6s < 3.6s",
                        "",
                        "metric             now      lowest     highest",
                        "loss            0.1667      0.1667      1.0000  █▁▁▁▁",
                        "val_acc         0.9000      0.9000      0.9000  ▁▁▁▁▁",
                        "",
                        "learning rate  1.000e-03");
        assertThat(screen.get(10)).matches("memory {9}([\\d.]+ [MG]B resident, )?heap [\\d.]+ [MG]B of [\\d.]+ [MG]B");
        assertThat(screen.get(11)).startsWith("checkpoint     epoch=").contains(", best val_acc=0.9000 in epoch=");
        assertThat(screen).hasSize(12);
    }

    @Test
    void whatIsOver_leavesEpochsAndTable() {
        View view = new View(160, 40, new Theme(true, true));
        start(view.bar);
        trainAndValidate(view.bar, 0.9);
        view.bar.onTrainEpochEnd(run);
        end(view.bar);

        assertThat(view.terminal.isClean()).isTrue();
        assertThat(view.terminal.screen().get(0)).startsWith("Epoch 1/3 ");
        assertThat(view.terminal.screen()).anyMatch(line -> line.startsWith("val_acc"));
        assertThat(view.terminal.screen()).noneMatch(line -> line.startsWith("Training"));
    }

    @Test
    void aFailure_leavesWhatWasSeenLast() {
        View view = new View(160, 40, new Theme(true, true));
        start(view.bar);
        train(view.bar, 0);
        List<String> before = view.terminal.screen();
        view.bar.onException(run, new IllegalStateException());
        end(view.bar);

        assertThat(view.terminal.screen()).isEqualTo(before).anyMatch(line -> line.startsWith("Training"));
        assertThat(view.terminal.isClean()).isTrue();
    }

    @Test
    void aWindowThatChanges_hasWhatItHasRoomFor() {
        View view = new View(200, 50, new Theme(true, true));
        start(view.bar);
        train(view.bar, 0);
        view.resize(60, 20);
        train(view.bar, 1);
        assertThat(view.terminal.screen()).hasSize(1);
        assertThat(view.terminal.screen().get(0))
                .startsWith("Epoch 1/3 ")
                .contains("2/4")
                .hasSizeLessThan(60);
        view.resize(120, 30);
        train(view.bar, 2);
        view.resize(101, 30);
        train(view.bar, 3);

        assertThat(view.terminal.everything()).anyMatch(line -> line.startsWith("Training"));
        assertThat(view.terminal.everything().stream().filter(line -> line.startsWith("Epoch")))
                .hasSize(1);
        assertThat(view.terminal.everything()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void moreMetricsThanLines_areCounted() {
        View view = new View(120, 24, new Theme(true, true));
        for (int i = 0; i < 40; i++) {
            run.barMetrics.put("a_metric_with_a_name_that_is_far_too_long_" + i, 1e9 * i);
        }
        start(view.bar);

        assertThat(view.terminal.screen()).contains("and 30 more").hasSizeLessThan(20);
        assertThat(view.terminal.everything()).isEqualTo(view.terminal.screen());
    }

    @Test
    void withoutUnicode_nothingButAsciiIsWritten() {
        View view = new View(120, 40, new Theme(false, false));
        start(view.bar);
        trainAndValidate(view.bar, Double.NaN);
        view.bar.onTrainEpochEnd(run);

        assertThat(String.join("", view.terminal.screen()))
                .matches("\\p{ASCII}+")
                .contains("=====");
        end(view.bar);
    }

    @Test
    void aFitWithoutAnEnd_hasNoTotal() {
        View view = new View(120, 40, new Theme(true, false));
        start(view.bar);
        run.maxEpochs = -1;
        run.trainBatches = -1;
        view.bar.onTrainEpochStart(run);
        train(view.bar, 0);

        assertThat(view.terminal.screen())
                .anyMatch(line -> line.matches("Epoch 1 +1 batches +0.1s +640 samples/s"))
                .anyMatch(line -> line.matches("Training +1 steps +0.1s"));
    }

    @Test
    void betweenTwoUpdates_nothingIsAllocated() {
        View view = new View(160, 40, new Theme(true, true));
        start(view.bar);
        train(view.bar, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int step = 0; step < 1000; step++) {
                view.bar.onTrainBatchEnd(run, null, batch, 1);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }

        assertThat(least).isZero();
    }

    private void start(ProgressBar bar) {
        run.maxEpochs = 3;
        run.trainBatches = 4;
        run.hasValidation = true;
        run.evaluationBatches = List.of(2L);
        bar.onTrainStart(run);
        bar.onTrainEpochStart(run);
    }

    private void trainAndValidate(ProgressBar bar, double accuracy) {
        for (int i = 0; i < 4; i++) {
            train(bar, i);
        }
        bar.onValidationStart(run);
        for (int i = 0; i < 2; i++) {
            millis += 500;
            bar.onValidationBatchEnd(run, batch, i, 0);
        }
        run.barMetrics.put("val_acc", accuracy);
        bar.onValidationEnd(run);
    }

    private void train(ProgressBar bar, int index) {
        millis += 100;
        run.samplesSeen += 64;
        run.globalStep++;
        run.batchesDone = index + 1L;
        run.barMetrics.put("loss", 1.0 / run.globalStep);
        bar.onTrainBatchEnd(run, null, batch, index);
    }

    private void end(ProgressBar bar) {
        bar.onTrainEnd(run);
        bar.teardown(run, Stage.TRAIN);
    }

    /** A bar, and the terminal it is seen on. */
    private final class View {
        final VirtualTerminal terminal;
        final Screen screen;
        final ProgressBar bar;

        View(int columns, int rows, Theme theme) {
            terminal = new VirtualTerminal(columns, rows);
            PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
            screen = new Screen(out, new WindowSize(columns, rows));
            bar = new ProgressBar(new LiveDisplay(new OwnScreen(screen), theme), () -> millis * 1_000_000);
        }

        void resize(int columns, int rows) {
            screen.resizing();
            terminal.resize(columns, rows);
            screen.resized(new WindowSize(columns, rows));
        }
    }
}
