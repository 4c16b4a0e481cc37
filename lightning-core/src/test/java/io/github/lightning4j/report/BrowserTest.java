package io.github.lightning4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.lightning4j.fixture.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens pages in a real browser, where there is one. */
class BrowserTest {
    private static final Pattern STEP = Pattern.compile("step ([\\d,]+) · epoch (\\d+) · .*");

    @TempDir
    static Path directory;

    private static @Nullable Chromium started;

    private static Path single;
    private static Path compared;

    private final Chromium browser = started;

    @BeforeAll
    static void start() throws Exception {
        Path binary = Chromium.find();
        assumeTrue(
                binary != null,
                "Neither chromium nor google-chrome is on the PATH, so no browser has opened a report.");
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Recorded.run(first, 600, 0.1);
        Recorded.run(second, 300, 0.3);
        single = first.resolve("report.html");
        compared = directory.resolve("compare.html");
        Report.compare(List.of(first, second), compared);
        started = Chromium.start(binary, directory.resolve("profile"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (started != null) {
            started.close();
        }
    }

    private void open(Path page) throws Exception {
        browser.width(1280);
        browser.colorScheme("light");
        browser.open(page);
        browser.await("document.querySelectorAll('.plot canvas').length >= 4");
    }

    @AfterEach
    void nothingWasAskedForOrComplainedOf() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).hasSize(1);
    }

    @Test
    void curves_areDrawnInTheirColours() throws Exception {
        open(single);

        assertThat(pixels("loss", "--c0")).isGreaterThan(300);
        assertThat(pixels("loss", "--c1")).isGreaterThan(100);
        assertThat(pixels("val_acc", "--c1")).isGreaterThan(100);
    }

    /** How many pixels of a chart have a colour of the page. */
    private int pixels(String title, String color) throws Exception {
        return browser.evaluate("""
                        (() => {
                          const canvas = document.querySelector('section[aria-label="%s"] canvas');
                          const copy = new OffscreenCanvas(canvas.width, canvas.height);
                          const context = copy.getContext('2d', { willReadFrequently: true });
                          context.drawImage(canvas, 0, 0);
                          const wanted = getComputedStyle(document.documentElement).getPropertyValue('%s').trim();
                          const [r, g, b] = [1, 3, 5].map((i) => parseInt(wanted.slice(i, i + 2), 16));
                          const all = context.getImageData(0, 0, canvas.width, canvas.height).data;
                          let count = 0;
                          for (let i = 0; i < all.length; i += 4) {
                            if (all[i] === r && all[i + 1] === g && all[i + 2] === b && all[i + 3] === 255) count++;
                          }
                          return count;
                        })()
                        """.formatted(title, color)).getAsInt();
    }

    @Test
    void thePointer_readsTheValuesBelowIt() throws Exception {
        open(single);
        pointAt("loss", 0.6);

        browser.await("document.querySelector('section[aria-label=loss] .where').textContent");
        String where = text("section[aria-label=loss] .where");
        Matcher step = STEP.matcher(where);
        assertThat(step.matches()).as(where).isTrue();
        double x = Double.parseDouble(step.group(1).replace(",", ""));
        assertThat(x).isBetween(300.0, 420.0);
        JsonObject line = PageData.line(PageData.chart(PageData.of(single), "loss"), "train_loss");
        int index = doubles(line.getAsJsonArray("x")).indexOf(x);
        double expected = line.getAsJsonArray("y").get(index).getAsDouble();
        assertThat(Double.parseDouble(text("section[aria-label=loss] .legend li .value")))
                .isCloseTo(expected, within(1e-4 * Math.abs(expected)));
        assertThat(text("section[aria-label=val_acc] .where"))
                .as("charts are read together")
                .startsWith("step 360");
    }

    private void pointAt(String title, double share) throws Exception {
        JsonObject box = browser.evaluate("document.querySelector('section[aria-label=" + title
                        + "] .u-over').getBoundingClientRect().toJSON()")
                .getAsJsonObject();
        double x = box.get("x").getAsDouble() + share * box.get("width").getAsDouble();
        double y = box.get("y").getAsDouble() + box.get("height").getAsDouble() / 2;
        browser.movePointer(x - 5, y);
        browser.movePointer(x, y);
    }

    private String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .getAsString();
    }

    private static List<Double> doubles(JsonArray array) {
        return array.asList().stream().map(value -> value.getAsDouble()).toList();
    }

    @Test
    void arrowKeys_moveAlongTheCurves() throws Exception {
        open(single);
        browser.evaluate(
                "document.querySelector('section[aria-label=loss] .plot').dispatchEvent(new KeyboardEvent('keydown', {key: 'Home'}))");

        assertThat(text("section[aria-label=loss] .where")).startsWith("step 1 · epoch 0");
    }

    @Test
    void namesWithMarkup_areText() throws Exception {
        open(single);

        assertThat(browser.evaluate("document.title").getAsString()).endsWith("/first");
        assertThat(browser.evaluate("document.querySelectorAll('img').length").getAsInt())
                .isEqualTo(1);
        assertThat(browser.evaluate("document.querySelectorAll('[onerror]').length")
                        .getAsInt())
                .isZero();
        assertThat(browser.evaluate("[...document.querySelectorAll('.results th')].map((cell) => cell.textContent)")
                        .toString())
                .contains("onerror");
    }

    @Test
    void whatIsNotFinite_isTold() throws Exception {
        open(single);

        assertThat(text("section[aria-label=loss] .note"))
                .contains("train_loss: 1 of 600 values is not finite, first NaN at step 200");
    }

    @Test
    void figuresPicturesAndTables_areThere() throws Exception {
        open(single);

        assertThat(browser.evaluate("document.querySelectorAll('.matrix tbody td').length")
                        .getAsInt())
                .isEqualTo(100);
        assertThat(browser.evaluate("document.querySelectorAll('#figures path').length")
                        .getAsInt())
                .isEqualTo(3);
        assertThat(browser.evaluate("document.querySelector('#pictures img').naturalWidth")
                        .getAsInt())
                .isEqualTo(233);
        assertThat(text("#setting")).contains("lr").contains("libtorch");
        assertThat(text("#distributions")).contains("1 more numbers are not finite");
    }

    @Test
    void severalRuns_areLinesOfOneChart() throws Exception {
        open(compared);

        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('section[aria-label=val_loss] .name')].map((name) => name.textContent).join()")
                        .getAsString())
                .isEqualTo("first,second");
        assertThat(pixels("val_loss", "--c0")).isGreaterThan(100);
        assertThat(pixels("val_loss", "--c1")).isGreaterThan(100);
        assertThat(text("#differences .differs tbody"))
                .contains("lr")
                .contains("0.3")
                .doesNotContain("layers");
        assertThat(text("#results")).contains("★");
    }

    @Test
    void aNarrowDarkScreen_isMetWithoutScrollingSideways() throws Exception {
        open(single);
        browser.width(400);
        browser.colorScheme("dark");

        browser.await("document.documentElement.dataset.theme === 'dark'");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").getAsInt())
                .isLessThanOrEqualTo(400);
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .getAsString())
                .isEqualTo("rgb(15, 19, 24)");
        browser.await("document.querySelector('section[aria-label=loss] .u-wrap').clientWidth < 400");
    }

    @Test
    void switchesAndSliders_redrawTheCurves() throws Exception {
        open(single);
        for (String change : List.of(
                "const s = document.querySelector('.tools select'); s.value = 'time'; s.dispatchEvent(new Event('change'))",
                "document.querySelector('.tools input[type=checkbox]').click()",
                "const r = document.querySelector('.tools input[type=range]'); r.value = 0.9; r.dispatchEvent(new Event('input'))",
                "document.querySelector('.theme').click()",
                "document.querySelector('section[aria-label=loss] .legend button').click()")) {
            browser.evaluate("(() => { " + change + " })()");
        }

        assertThat(pixels("loss", "--c1")).isGreaterThan(100);
        assertThat(browser.evaluate(
                                "document.querySelector('section[aria-label=loss] .legend button').getAttribute('aria-pressed')")
                        .getAsString())
                .isEqualTo("false");
    }
}
