package io.github.lightning4j.data.text;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import io.github.lightning4j.DataException;
import io.github.lightning4j.data.internal.FieldsBuilder;
import io.github.lightning4j.internal.torch.DatasetFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts as tokens, made once, and their labels. A batch is padded to the longest of its texts.
 *
 * <p>Data of a batch: {@code input_ids} and {@code attention_mask}, INT64 (N, tokens of the longest), as {@code BertEncoder}
 * takes them. Labels: INT64 (N), or none.
 *
 * <pre>{@code
 * DataLoader train = DataLoader.builder(texts).batchSize(32).shuffle(true).bucketByLength(texts::length).build();
 * }</pre>
 */
public final class TextDataset extends RandomAccessDataset {
    private final long[][] tokens;
    private final long @Nullable [] labels;

    private TextDataset(TextTokenizer tokenizer, List<String> texts, long @Nullable [] labels) {
        super(new FieldsBuilder(
                new DatasetFields(new TokenBatchifier(tokenizer.padId()), Batchifier.STACK, null, null)));
        this.tokens = tokenizer.encode(texts);
        this.labels = labels;
    }

    /**
     * Texts with a class each.
     *
     * @param tokenizer makes the tokens; not needed afterwards
     * @param texts the texts
     * @param labels the class of each
     * @return the dataset
     * @throws DataException if there are not as many labels as texts
     */
    public static TextDataset of(TextTokenizer tokenizer, List<String> texts, long[] labels) {
        if (texts.size() != labels.length) {
            throw new DataException("A TextDataset was given " + texts.size() + " texts and " + labels.length
                    + " labels; give one label for each text.");
        }
        return new TextDataset(tokenizer, texts, labels.clone());
    }

    /**
     * Texts alone.
     *
     * @param tokenizer makes the tokens; not needed afterwards
     * @param texts the texts
     * @return the dataset
     */
    public static TextDataset of(TextTokenizer tokenizer, List<String> texts) {
        return new TextDataset(tokenizer, texts, null);
    }

    /**
     * How long a text is.
     *
     * @param index which, from 0
     * @return its tokens, special ones included
     */
    public int length(int index) {
        return tokens[index].length;
    }

    @Override
    public Record get(NDManager manager, long index) {
        NDList label = labels == null ? new NDList() : new NDList(manager.create(labels[(int) index]));
        return new Record(new NDList(manager.create(tokens[(int) index])), label);
    }

    @Override
    protected long availableSize() {
        return tokens.length;
    }

    /** Does nothing: the tokens are made. */
    @Override
    public void prepare(@Nullable Progress progress) {}
}
