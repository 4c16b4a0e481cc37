package io.github.lightning4j.guide;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PaddingStackBatchifier;
import io.github.lightning4j.Inference;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.NumberRecords;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.trainer.FitResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the Java blocks of docs/sequences.md, which are parts of this class and of those it uses. */
class SequencesGuideTest {
    @Test
    void blocksOfTheGuide_arePartsOfTheseClasses() throws IOException {
        GuideBlocks.assertArePartOf("sequences.md", getClass(), TextClassifier.class, Words.class, Tagger.class);
    }

    @Test
    void classifier_learnsAndDoesNotSeeThePadding() {
        DataLoader train = loader(words(200), true);
        DataLoader val = loader(words(50), false);
        try (TextClassifier module = new TextClassifier(27)) {
            FitResult result = Trainers.quiet().maxEpochs(8).build().fit(module, train, val);
            assertThat(result.metrics().get("val_acc")).isGreaterThan(0.95);

            try (Inference in = module.inference()) {
                NDManager manager = in.manager();
                NDArray length = manager.create(new long[] {2});
                NDArray bare = manager.create(new long[] {3, 1}, new Shape(1, 2));
                NDArray padded = manager.create(new long[] {3, 1, 0, 0}, new Shape(1, 4));
                assertThat(in.forward(new NDList(padded, length)).head().toFloatArray())
                        .containsExactly(
                                in.forward(new NDList(bare, length)).head().toFloatArray());
            }
        }
    }

    /** Words with a tag for each letter: whether it is an a. */
    @Test
    void tagger_learnsFromRealPositionsAlone() {
        RandomAccessDataset dataset = new NumberRecords(new NumberRecords.Builder(), 64) {
            @Override
            public Record get(NDManager manager, long index) {
                long[] codes = new Random(index).longs(1 + index % 5, 1, 4).toArray();
                long[] tags =
                        Arrays.stream(codes).map(code -> code == 1 ? 1 : 0).toArray();
                return new Record(new NDList(manager.create(codes)), new NDList(manager.create(tags)));
            }
        };
        PaddingStackBatchifier letters = PaddingStackBatchifier.builder()
                .addPad(0, 0, manager -> manager.create(0L))
                .build();
        PaddingStackBatchifier tags = PaddingStackBatchifier.builder()
                .addPad(0, 0, manager -> manager.create(-100L))
                .build();
        DataLoader loader =
                DataLoader.builder(dataset).batchSize(16).collate(letters, tags).build();
        try (Tagger module = new Tagger()) {
            FitResult result =
                    Trainers.quiet().maxEpochs(20).logEveryNSteps(1).build().fit(module, loader);
            assertThat(result.metrics().get("train_loss")).isLessThan(0.1);
        }
    }

    @Test
    void meanOverRealPositions_leavesPaddingOut() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray losses = manager.create(new float[] {1, 3, 100, 5, 100, 100}, new Shape(2, 3));
            NDArray lengths = manager.create(new long[] {2, 1});
            assertThat(meanOfReal(losses, lengths).getFloat()).isEqualTo(3);
        }
    }

    /** Losses of shape (N, T) and lengths of shape (N). */
    private static NDArray meanOfReal(NDArray losses, NDArray lengths) {
        NDArray positions = lengths.getManager().arange(losses.size(1)).reshape(1, -1);
        NDArray real = positions.lt(lengths.reshape(-1, 1)).toType(losses.getDataType(), false);
        return losses.mul(real).sum().div(real.sum());
    }

    private static DataLoader loader(List<String> words, boolean shuffle) {
        PaddingStackBatchifier padding = PaddingStackBatchifier.builder()
                .addPad(0, 0, manager -> manager.create(0L))
                .build();
        DataLoader loader = DataLoader.builder(new Words(words))
                .batchSize(16)
                .shuffle(shuffle)
                .collate(padding, Batchifier.STACK)
                .build();
        return loader;
    }

    private static List<String> words(int count) {
        Random random = new Random(count);
        return Stream.generate(() -> random.ints(1 + random.nextInt(6), 'a', 'f')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .limit(count)
                .toList();
    }
}
