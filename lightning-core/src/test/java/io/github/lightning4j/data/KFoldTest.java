package io.github.lightning4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.fixture.DataFixture;
import io.github.lightning4j.fixture.NumberRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KFoldTest extends DataFixture {
    private static final long[] CLASSES = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};

    /** The figures are scikit-learn's; make_folds.py makes them. */
    @Test
    void folds_areScikitLearns() throws IOException {
        String figures;
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("folds.csv"))) {
            figures = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> lines = figures.lines().toList();

        assertThat(lines).hasSize(60);
        for (String line : lines) {
            String[] cells = line.split(";");
            int folds = Integer.parseInt(cells[1]);
            long[] labels = numbers(cells[2]);
            KFold kFold = switch (cells[0]) {
                case "plain" -> KFold.of(folds);
                case "stratified" -> KFold.stratified(folds, labels);
                default -> KFold.grouped(folds, labels);
            };
            assertThat(assigned(kFold, labels.length)).as(line).containsExactly(numbers(cells[3]));
        }
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    /** The fold that holds each sample out; that each is held out once is part of it. */
    private static long[] assigned(KFold kFold, int samples) {
        long[] assigned = new long[samples];
        Arrays.fill(assigned, -1);
        for (Fold fold : kFold.split(new NumberRecords(samples))) {
            for (long sample : fold.valIndices()) {
                assertThat(assigned[(int) sample]).isEqualTo(-1);
                assigned[(int) sample] = fold.index();
            }
            assertThat(LongStream.concat(LongStream.of(fold.trainIndices()), LongStream.of(fold.valIndices()))
                            .sorted())
                    .containsExactlyElementsOf(
                            LongStream.range(0, samples).boxed().toList());
        }
        return assigned;
    }

    @Test
    void shuffled_isAFunctionOfTheSeedAndKeepsTheSizes() {
        long[] first = assigned(KFold.of(4).shuffled(1), 30);

        assertThat(assigned(KFold.of(4).shuffled(1), 30)).isEqualTo(first);
        assertThat(assigned(KFold.of(4).shuffled(2), 30)).isNotEqualTo(first);
        assertThat(assigned(KFold.of(4), 30)).isNotEqualTo(first).isSorted();
        assertCounts(first, 8, 8, 7, 7);
    }

    private static List<Long> counts(long[] assigned, int folds) {
        return IntStream.range(0, folds)
                .mapToObj(fold ->
                        LongStream.of(assigned).filter(each -> each == fold).count())
                .toList();
    }

    private static void assertCounts(long[] assigned, Integer... expected) {
        assertThat(counts(assigned, expected.length))
                .containsExactlyElementsOf(
                        Arrays.stream(expected).map(Integer::longValue).toList());
    }

    @Test
    void shuffledStratified_keepsTheMixOfClasses() {
        long[] assigned = assigned(KFold.stratified(3, CLASSES).shuffled(5), CLASSES.length);

        assertThat(assigned).isNotEqualTo(assigned(KFold.stratified(3, CLASSES).shuffled(6), CLASSES.length));
        assertCounts(Arrays.copyOf(assigned, 9), 3, 3, 3);
        assertCounts(Arrays.copyOfRange(assigned, 9, 15), 2, 2, 2);
    }

    @Test
    void shuffledGrouped_keepsGroupsTogether() {
        List<String> patients = List.of("b", "a", "b", "c", "d", "a", "d", "e", "e", "f", "b");

        long[] assigned = assigned(KFold.grouped(3, patients).shuffled(2), patients.size());

        for (String patient : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(IntStream.range(0, patients.size())
                            .filter(i -> patients.get(i).equals(patient))
                            .mapToObj(i -> assigned[i])
                            .distinct())
                    .as(patient)
                    .hasSize(1);
        }
        assertThat(LongStream.of(assigned).distinct()).hasSize(3);
    }

    @Test
    void classes_areTheLabelsOfADatasetInMemory() {
        TensorDataset whole = TensorDataset.of(tensors, new float[15], new Shape(15, 1), CLASSES);
        TensorDataset floats =
                TensorDataset.of(tensors, new float[3], new Shape(3, 1), new float[] {4, 7, 4}, new Shape(3, 1));

        assertThat(held(KFold.stratified(3), whole)).isEqualTo(held(KFold.stratified(3, CLASSES), whole));
        assertThat(held(KFold.stratified(2), Splits.pick(whole, 9, 0, 10, 1)))
                .isEqualTo(List.of(List.of(0L, 1L), List.of(2L, 3L)));
        assertThat(held(KFold.stratified(2), floats)).isEqualTo(held(KFold.stratified(2, 4, 7, 4), floats));
    }

    private static List<List<Long>> held(KFold kFold, ai.djl.training.dataset.RandomAccessDataset dataset) {
        return kFold.split(dataset).stream()
                .map(fold -> LongStream.of(fold.valIndices()).boxed().toList())
                .toList();
    }

    @Test
    void parts_holdTheSamplesOfTheirIndices() {
        Fold fold = KFold.of(4).shuffled(3).split(numbers(10)).get(1);

        assertThat(labels(DataLoader.of(fold.val(), 10), 0, 0, 0))
                .containsExactly(LongStream.of(fold.valIndices()).boxed().toList());
        assertThat(labels(DataLoader.of(fold.train(), 10), 0, 0, 0))
                .containsExactly(LongStream.of(fold.trainIndices()).boxed().toList());
        assertThat(fold).hasToString("fold 1: 7 samples to train on, 3 held out");
        assertThat(KFold.stratified(3).shuffled(4)).hasToString("3 stratified folds shuffled with seed 4");
    }

    @Test
    void pick_takesAnySamplesInAnyOrder() {
        assertThat(labels(DataLoader.of(Splits.pick(numbers(5), 4, 0, 4), 10), 0, 0, 0))
                .containsExactly(List.of(4L, 0L, 4L));
        assertThatThrownBy(() -> Splits.pick(numbers(5)))
                .isInstanceOf(DataException.class)
                .hasMessage("No index of a sample was given; expected at least one");
        assertThatThrownBy(() -> Splits.pick(numbers(5), 0, 5))
                .isInstanceOf(DataException.class)
                .hasMessage("The index 5 is no sample's of a dataset of 5 samples; expected 0 to 4");
    }

    @Test
    void divisionsThatCannotBeMade_areRefused() {
        assertThatThrownBy(() -> KFold.of(1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "the number of folds is 1, but it must be 2 or more; one of them is held out, the others are"
                                + " trained on.");
        refused(KFold.of(6), "6 folds cannot be made of 5 samples; take at most 5 folds, or more data");
        refused(
                KFold.stratified(4, 1, 1, 1, 2, 2),
                "4 folds cannot be made of 3 samples of the most frequent class; take at most 3 folds, or more data");
        refused(
                KFold.grouped(3, 1, 1, 1, 2, 2),
                "3 folds cannot be made of 2 groups of 5 samples; take at most 2 folds, or more data");
        refused(
                KFold.grouped(2, 1, 2),
                "2 groups were given for a dataset of 5 samples; give one for each sample, in the dataset's order");
        refused(
                KFold.stratified(2),
                "The classes of " + NumberRecords.class.getName()
                        + " are not known, as it does not lie in memory; give them: stratified(folds, classes)");
    }

    private static void refused(KFold kFold, String message) {
        assertThatThrownBy(() -> kFold.split(new NumberRecords(5)))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
    }

    @Test
    void labelsThatAreNoClasses_areRefused() {
        TensorDataset targets =
                TensorDataset.of(tensors, new float[2], new Shape(2, 1), new float[] {0.5f, 1}, new Shape(2));
        TensorDataset pairs =
                TensorDataset.of(tensors, new float[2], new Shape(2, 1), new float[] {1, 1, 2, 2}, new Shape(2, 2));
        TensorDataset none = TensorDataset.of(new NDList(tensors.ones(new Shape(2))), new NDList());

        assertThatThrownBy(() -> KFold.stratified(2).split(targets))
                .hasMessageContaining("are no whole numbers, as 0.5");
        assertThatThrownBy(() -> KFold.stratified(2).split(pairs))
                .hasMessageContaining("have shape (2, 2), not one number a sample");
        assertThatThrownBy(() -> KFold.stratified(2).split(none)).hasMessageContaining("has 0 labels");
    }
}
