package io.github.lightning4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of what runs have left. */
class ReportTest {
    private static final int MEGABYTE = 1_000_000;

    @TempDir
    Path directory;

    private Path page;

    @BeforeEach
    void name() {
        page = directory.resolve("page.html");
    }

    private Path csv(String name, String text) throws IOException {
        Path run = Files.createDirectories(directory.resolve(name));
        Files.writeString(run.resolve("metrics.csv"), text);
        return run;
    }

    @Test
    void runsWithMetricsAlone_canBeCompared() throws IOException {
        Path first = csv("first/0", "step,epoch,val_loss,only\n5,0,0.5,\n10,1,NaN,3\n15,2,0.25,\n");
        Files.writeString(first.resolve("hparams.json"), "{\"lr\": 0.1, \"net\": {\"width\": 8}}");
        Files.writeString(
                first.resolve("result.json"),
                "{\"stopReason\": \"maxEpochs=3 reached\", \"bestCheckpoint\": \"/x/best.safetensors\"}");
        Path second = Files.createDirectories(directory.resolve("second/0"));
        Files.writeString(
                second.resolve("metrics.jsonl"),
                "{\"step\":5,\"epoch\":0,\"val_loss\":0.75}\n{\"step\":10,\"epoch\":1,\"val_loss\":\"Infinity\"}\n");

        Report.compare(List.of(first, second), page);

        JsonObject data = PageData.of(page);
        assertThat(PageData.strings(data.getAsJsonArray("runs"), "name")).containsExactly("first/0", "second/0");
        JsonObject chart = PageData.chart(data, "val_loss");
        assertThat(chart.getAsJsonArray("lines")).hasSize(2);
        assertThat(PageData.line(chart, "val_loss").get("x").toString()).isEqualTo("[5,10,15]");
        assertThat(PageData.line(chart, "val_loss").get("y").toString()).isEqualTo("[0.5,null,0.25]");
        assertThat(PageData.chart(data, "only").getAsJsonArray("lines")).hasSize(1);
        JsonObject run = PageData.run(data, 0);
        assertThat(run.get("hyperparameters").toString()).isEqualTo("{\"lr\":0.1,\"net\":{\"width\":8}}");
        assertThat(run.getAsJsonObject("end").get("reason").getAsString()).isEqualTo("maxEpochs=3 reached");
        assertThat(run.get("best").toString()).contains("best.safetensors");
        JsonObject other = PageData.metric(PageData.run(data, 1), "val_loss");
        assertThat(other.get("last").getAsString()).isEqualTo("Infinity");
        assertThat(other.get("nonFinite").getAsInt()).isEqualTo(1);
        assertThat(other.get("min").getAsDouble()).isEqualTo(0.75);
    }

    @Test
    void whatIsNoRun_isRefusedByName() throws IOException {
        assertThatThrownBy(() -> Report.compare(List.of(), page)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Report.compare(List.of(directory), page))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(directory + " holds no run");
        Path broken = csv("broken", "step,epoch,loss\n1,0,much\n");
        assertThatThrownBy(() -> Report.write(broken))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("metrics.csv")
                .hasMessageContaining("much");
        assertThat(page).doesNotExist();
    }

    @Test
    void aDamagedRecord_isToldWithItsLine() throws IOException {
        Files.writeString(directory.resolve("report.jsonl"), "{\"start\":[]}\n{\"row\":{\n{\"end\":{}}\n");

        assertThatThrownBy(() -> Report.write(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aHundredThousandPointsOfEachCurve_takeLessThanAMegabyte() {
        RunRecord record = new RunRecord();
        for (int step = 0; step < 100_000; step++) {
            Map<String, Double> row = new TreeMap<>();
            for (int curve = 0; curve < 5; curve++) {
                row.put("metric" + curve, Math.sin(step * 1e-3 + curve) * Math.exp(curve * 3) / 7);
            }
            record.addRow(row, step, step / 1000, step * 0.01);
        }

        assertThat(html(record).length()).isLessThan(MEGABYTE / 2);
    }

    @Test
    void manyCurves_takeLessThanAMegabyteToo() {
        RunRecord record = new RunRecord();
        for (int step = 0; step < 700; step++) {
            Map<String, Double> row = new TreeMap<>();
            for (int curve = 0; curve < 100; curve++) {
                row.put("metric" + curve, Math.sin(step * 1e-3 + curve) / 7);
            }
            record.addRow(row, step, step / 1000, step * 0.01);
        }

        assertThat(html(record).length()).isLessThan(MEGABYTE);
    }

    private static String html(RunRecord record) {
        return Page.of(List.of(new ReportedRun("run", record, List.of(), List.of())));
    }

    @Test
    void noTextOfARun_endsTheScriptItLiesIn() throws IOException {
        Recorded.run(directory, 20, 0.1);
        String html = Files.readString(directory.resolve("report.html"));

        assertThat(html.split("</script", -1)).hasSize(3 + 1);
        assertThat(html).doesNotContain("<img src=x").doesNotContain("@@");
        assertThat(PageData.titles(PageData.of(directory.resolve("report.html"))))
                .contains(Recorded.HOSTILE);
    }

    @Test
    void thePage_namesNoOtherPlaceToLoadFrom() throws IOException {
        Recorded.run(directory, 20, 0.1);

        assertThat(Files.readString(directory.resolve("report.html")))
                .doesNotContainPattern("(?:src|href)=\"(?:https?:)?//")
                .doesNotContain("@import")
                .contains("default-src 'none'");
    }

    @Test
    void aMatrixOfManyClasses_isToldByItsLargestConfusions() {
        Map<String, Object> item = Items.of(new LogItem.Figure(Recorded.confusion(100)), directory);

        assertThat(item).containsEntry("kind", "table");
        assertThat((List<?>) item.get("rows")).hasSizeBetween(1, 30);
    }

    @Test
    void runsOfOneName_areToldApartByTheirFolders() {
        assertThat(RunNames.of(List.of(Path.of("/r/a/0"), Path.of("/r/b/0")))).containsExactly("a/0", "b/0");
        assertThat(RunNames.of(List.of(Path.of("/r/a"), Path.of("/r/b")))).containsExactly("a", "b");
        assertThat(RunNames.of(List.of(Path.of("/r/a"), Path.of("/r/a")))).hasSize(2);
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int command(String... args) {
        return ReportCommand.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
    }

    @Test
    void theCommand_putsTheRunsOfAFolderOnOnePage() throws IOException {
        csv("runs/a", "step,epoch,loss\n1,0,2\n");
        csv("runs/b", "step,epoch,loss\n1,0,1\n");

        assertThat(command(directory.resolve("runs").toString(), "-o", page.toString()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo(page.toString());
        assertThat(PageData.strings(PageData.of(page).getAsJsonArray("runs"), "name"))
                .containsExactly("a", "b");
    }

    @Test
    void theCommand_writesThePageOfOneRunIntoItsDirectory() throws IOException {
        Path run = csv("one", "step,epoch,loss\n1,0,2\n");

        assertThat(command(run.toString())).isZero();
        assertThat(run.resolve("report.html")).exists();
    }

    @Test
    void theCommand_saysWhatIsWrong() {
        assertThat(command()).isEqualTo(2);
        assertThat(command("-x")).isEqualTo(2);
        assertThat(command("a", "-o")).isEqualTo(2);
        assertThat(command(directory.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("No run was named", "There is no option -x", "-o needs a file", "nowhere holds no run");
        assertThat(command("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    }
}
