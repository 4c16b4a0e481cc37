package io.github.lightning4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import com.google.gson.JsonElement;
import io.github.lightning4j.BatchCursor;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.Splits;
import io.github.lightning4j.fixture.Reference;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDatasetTest {
    private static final List<JsonElement> TEXTS = Reference.load(TextDatasetTest.class, "tokens.json")
            .getAsJsonArray("texts")
            .asList();

    @TempDir
    Path folder;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final TextTokenizer tokenizer = TextTokenizer.read(file());

    @AfterEach
    void close() {
        tokenizer.close();
        manager.close();
    }

    private static Path file() {
        try {
            return Path.of(Objects.requireNonNull(TextDatasetTest.class.getResource("tokenizer.json"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts() {
        return TEXTS.stream()
                .map(text -> text.getAsJsonObject().get("text").getAsString())
                .toList();
    }

    @Test
    void tokens_areThoseOfHuggingFaceWithoutThePaddingOfTheFile() {
        long[][] tokens = tokenizer.encode(texts());

        for (int i = 0; i < tokens.length; i++) {
            assertThat(tokens[i])
                    .as(texts().get(i))
                    .containsExactly(
                            Reference.longs(TEXTS.get(i).getAsJsonObject().get("ids")));
        }
        assertThat(tokenizer.maxLength()).isEqualTo(8);
        assertThat(tokenizer.padId()).isZero();
        assertThat(tokenizer).hasToString("TextTokenizer of " + file() + ", at most 8 tokens a text");
        assertThat(tokenizer.decode(tokens[2])).isEqualTo("unhappiness!");
    }

    @Test
    void maximumLength_canBeAnother() {
        try (TextTokenizer shorter = TextTokenizer.read(file(), 4)) {
            assertThat(List.of(shorter.encode(texts()))).allMatch(tokens -> tokens.length <= 4);
            assertThat(shorter.maxLength()).isEqualTo(4);
        }
    }

    @Test
    void batch_isPaddedToItsLongestText() {
        NDList batch = tokenizer.batch(manager, List.of("dog", "the cat"));

        assertThat(batch.get(0).getShape()).isEqualTo(new Shape(2, 4));
        assertThat(batch.get(0).toLongArray()).containsExactly(2, 6, 3, 0, 2, 4, 5, 3);
        assertThat(batch.get(1).toLongArray()).containsExactly(1, 1, 1, 0, 1, 1, 1, 1);
    }

    @Test
    void loader_padsEachBatchAndKeepsLabels() {
        TextDataset texts =
                TextDataset.of(tokenizer, texts(), LongStream.range(0, 7).toArray());
        List<List<Integer>> widths = new ArrayList<>();
        for (Batch batch : DataLoader.of(texts, 3)) {
            try (batch) {
                NDArray ids = batch.getData().get(0);
                widths.add(List.of((int) ids.size(0), (int) ids.size(1)));
                assertThat(batch.getData().get(1).getShape()).isEqualTo(ids.getShape());
                assertThat(batch.getLabels().head().toLongArray()[0]).isEqualTo(3L * (widths.size() - 1));
            }
        }
        assertThat(widths).containsExactly(List.of(3, 8), List.of(3, 8), List.of(1, 5));
    }

    @Test
    void textsWithoutLabels_areBatchesWithoutLabels() {
        for (Batch batch : DataLoader.of(TextDataset.of(tokenizer, texts()), 7)) {
            try (batch) {
                assertThat(batch.getData()).hasSize(2);
                assertThat(batch.getLabels()).isEmpty();
            }
        }
    }

    @Test
    void parts_areTextsToo() {
        TextDataset texts = TextDataset.of(tokenizer, texts(), new long[7]);
        for (Batch batch : DataLoader.of(Splits.consecutive(texts, 5, 2).get(1), 2)) {
            try (batch) {
                assertThat(batch.getData().get(0).getShape()).isEqualTo(new Shape(2, 8));
            }
        }
    }

    @Test
    void buckets_haveEverySampleOnceAndLittlePadding() {
        TextDataset texts = TextDataset.of(tokenizer, ofManyLengths(), new long[103]);
        DataLoader plain = DataLoader.builder(texts).batchSize(8).shuffle(true).build();
        DataLoader buckets = DataLoader.builder(texts)
                .batchSize(8)
                .shuffle(true)
                .bucketByLength(texts::length)
                .build();

        assertThat(buckets.batchCount()).isEqualTo(13);
        assertThat(buckets.shuffles()).contains(true);
        List<List<Long>> first = batches(buckets, 0, 0);
        List<List<Long>> second = batches(buckets, 1, 0);
        assertThat(first).isNotEqualTo(second);
        for (List<List<Long>> epoch : List.of(first, second)) {
            assertThat(epoch.stream().flatMap(List::stream).sorted().toList())
                    .isEqualTo(LongStream.range(0, 103).boxed().toList());
            assertThat(epoch.get(12)).hasSize(7);
            assertThat(padding(texts, epoch)).isLessThan(padding(texts, batches(plain, 0, 0)) / 5);
        }
    }

    @Test
    void buckets_areTheSameFromWhereverTheyAreEntered() {
        TextDataset texts = TextDataset.of(tokenizer, ofManyLengths(), new long[103]);
        DataLoader buckets = DataLoader.builder(texts)
                .batchSize(8)
                .shuffle(true)
                .bucketByLength(texts::length)
                .build();
        List<List<Long>> whole = batches(buckets, 3, 0);

        assertThat(batches(buckets, 3, 5)).isEqualTo(whole.subList(5, 13));
        assertThatThrownBy(() -> batches(buckets, 3, 14))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("13 batches");
    }

    private static List<String> ofManyLengths() {
        return IntStream.range(0, 103)
                .mapToObj(i -> String.join(" ", Collections.nCopies(i * 7 % 6, "dog")))
                .toList();
    }

    private List<List<Long>> batches(DataLoader loader, long epoch, long skip) {
        List<List<Long>> batches = new ArrayList<>();
        try (BatchCursor cursor = loader.open(manager, new Seeds(4), epoch, skip)) {
            while (cursor.hasNext()) {
                try (Batch batch = cursor.next()) {
                    batches.add(batch.getIndices().stream()
                            .map(index -> Long.valueOf(String.valueOf(index)))
                            .toList());
                }
            }
        }
        return batches;
    }

    private static int padding(TextDataset texts, List<List<Long>> batches) {
        int padding = 0;
        for (List<Long> batch : batches) {
            int[] lengths = batch.stream()
                    .mapToInt(index -> texts.length(index.intValue()))
                    .toArray();
            padding += Arrays.stream(lengths).max().orElseThrow() * lengths.length
                    - Arrays.stream(lengths).sum();
        }
        return padding;
    }

    @Test
    void mistakes_areNamed() throws IOException {
        TextDataset texts = TextDataset.of(tokenizer, texts());
        assertThatThrownBy(() -> DataLoader.builder(texts)
                        .batchSize(2)
                        .bucketByLength(texts::length)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("shuffle(true)");
        assertThatThrownBy(() -> TextDataset.of(tokenizer, texts(), new long[2]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("7 texts and 2 labels");
        assertThatThrownBy(() -> TextTokenizer.read(folder.resolve("none.json")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("There is no file");
        assertThatThrownBy(() -> TextTokenizer.read(file(), 2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("maxLength of TextTokenizer is 2");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}");
        assertThatThrownBy(() -> TextTokenizer.read(other))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("says no maximum length");
        assertThatThrownBy(() -> TextTokenizer.read(other, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is no tokenizer.json");
    }
}
