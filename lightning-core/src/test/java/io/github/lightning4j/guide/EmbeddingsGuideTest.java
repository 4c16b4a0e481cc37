package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.Vocabulary;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Inference;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.trainer.FitResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/embeddings.md, which are parts of this class and of those it uses. */
class EmbeddingsGuideTest {
    private static final List<String> NAMES = List.of("Rome", "Oslo", "Lima", "Cairo");

    private record Row(float size, float age, String city, int month, boolean sold) {}

    @Test
    void blocksOfTheGuide_arePartsOfTheseClasses() throws IOException {
        GuideBlocks.assertArePartOf("embeddings.md", getClass(), Tabular.class);
    }

    @Test
    void tables_learnAndAreRestored(@TempDir Path folder) {
        Vocabulary cities = vocabulary();
        try (NDManager manager = NDManager.newBaseManager();
                Tabular module = new Tabular(2, cities, 12)) {
            DataLoader train = DataLoader.of(dataset(manager, rows(400, 1), cities), 32, true);
            DataLoader val = DataLoader.of(dataset(manager, rows(100, 2), cities), 64);
            FitResult result = Trainers.quiet()
                    .maxEpochs(20)
                    .enableCheckpointing(true)
                    .runDirectory(folder.resolve("run"))
                    .build()
                    .fit(module, train, val);
            assertThat(result.metrics().get("val_acc")).isGreaterThan(0.9);
            assertThat(ParameterNames.of(module).keys()).contains("city.weight", "month.embedding", "net.0.weight");

            try (Tabular again = new Tabular(2, cities, 12);
                    Checkpoint checkpoint = Checkpoint.open(result.bestCheckpoint())) {
                checkpoint.restoreInto(again);
                assertThat(Weights.sha256(again)).isEqualTo(Weights.sha256(module));
            }
            assertUseOf(module, cities);
        }
    }

    private static void assertUseOf(Tabular module, Vocabulary cities) {
        try (Inference in = module.inference()) {
            NDArray numbers = in.manager().create(new float[] {0.5f, 0.1f}, new Shape(1, 2));
            NDArray categories = in.manager().create(new long[] {cities.getIndex("Atlantis"), 3}, new Shape(1, 2));
            NDArray logits = in.forward(new NDList(numbers, categories)).head();
            assertThat(logits.getShape()).isEqualTo(new Shape(1, 2));

            NDArray outside = in.manager().create(new long[] {5, 0}, new Shape(1, 2));
            assertThatThrownBy(() -> in.forward(new NDList(numbers, outside)))
                    .isInstanceOf(LightningException.class)
                    .hasMessageContaining("forward failed in city")
                    .hasMessageContaining("index out of range");

            NDArray negative = in.manager().create(new long[] {0, -1}, new Shape(1, 2));
            NDArray last = in.manager().create(new long[] {0, 11}, new Shape(1, 2));
            assertThat(in.forward(new NDList(numbers, negative)).head().toFloatArray())
                    .isEqualTo(in.forward(new NDList(numbers, last)).head().toFloatArray());
        }
    }

    private static Vocabulary vocabulary() {
        Vocabulary cities = DefaultVocabulary.builder()
                .add(NAMES)
                .optUnknownToken("<unknown>")
                .build();
        return cities;
    }

    private static TensorDataset dataset(NDManager manager, List<Row> rows, Vocabulary cities) {
        int count = rows.size();
        float[] numbers = new float[count * 2];
        long[] categories = new long[count * 2];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) {
            Row row = rows.get(i);
            numbers[2 * i] = row.size();
            numbers[2 * i + 1] = row.age();
            categories[2 * i] = cities.getIndex(row.city());
            categories[2 * i + 1] = row.month();
            labels[i] = row.sold() ? 1 : 0;
        }
        NDList data = new NDList(
                manager.create(numbers, new Shape(count, 2)), manager.create(categories, new Shape(count, 2)));
        return TensorDataset.of(data, new NDList(manager.create(labels)));
    }

    private static List<Row> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int city = random.nextInt(NAMES.size());
            int month = random.nextInt(12);
            float size = random.nextFloat();
            boolean sold = size + (city % 2) + (month > 5 ? 0.5 : 0) > 1;
            rows.add(new Row(size, random.nextFloat(), NAMES.get(city), month, sold));
        }
        return rows;
    }
}
