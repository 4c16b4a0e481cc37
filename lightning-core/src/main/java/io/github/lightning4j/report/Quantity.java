package io.github.lightning4j.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a metric measures, by its name: {@code train_loss}, {@code val_loss} and {@code test_loss_epoch} are all the loss.
 *
 * @param title what it is called
 * @param stage {@code train}, {@code val}, {@code test}, or nothing
 * @param section the part of the page it belongs to
 */
record Quantity(String title, String stage, Section section) {
    enum Section {
        METRICS,
        OPTIMIZATION,
        SPEED;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern LOADER = Pattern.compile("(.+)/dataloader_idx_\\d+");
    private static final Pattern CADENCE = Pattern.compile("(.+)_(?:step|epoch)");
    private static final String STAGES = "train(?:ing)?|val(?:id|idation)?|dev|test";
    private static final Pattern BEFORE = Pattern.compile("(" + STAGES + ")[_/. -](.+)");
    private static final Pattern BEHIND = Pattern.compile("(.+)[_/. -](" + STAGES + ")");
    private static final Pattern MEMBER = Pattern.compile("(.+)(?:_\\d+|/[^/]+)");
    private static final Pattern RATE = Pattern.compile("(?:lr|learning_rate)(?:[-_/].*)?");
    private static final Pattern SPEED = Pattern.compile(".*(?:time|seconds|_per_second|throughput)|time/.*");

    static Quantity of(String name) {
        String plain = first(CADENCE, first(LOADER, name));
        if (RATE.matcher(name).matches()) {
            return new Quantity(rate(name), "", Section.OPTIMIZATION);
        }
        if (SPEED.matcher(plain).matches()) {
            return new Quantity(spaced(plain), "", Section.SPEED);
        }
        Matcher before = BEFORE.matcher(plain);
        if (before.matches()) {
            return new Quantity(family(before.group(2)), stage(before.group(1)), Section.METRICS);
        }
        Matcher behind = BEHIND.matcher(plain);
        if (behind.matches()) {
            return new Quantity(family(behind.group(1)), stage(behind.group(2)), Section.METRICS);
        }
        return new Quantity(family(plain), "", Section.METRICS);
    }

    private static String rate(String name) {
        if (name.endsWith("-momentum")) {
            return "momentum";
        }
        return name.endsWith("-weight_decay") ? "weight decay" : "learning rate";
    }

    private static String spaced(String name) {
        return name.replace('_', ' ');
    }

    /** Numbers of classes or layers are shown together. */
    private static String family(String name) {
        return spaced(first(MEMBER, name));
    }

    private static String stage(String word) {
        return word.startsWith("tr") ? "train" : word.equals("test") ? "test" : "val";
    }

    private static String first(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }
}
