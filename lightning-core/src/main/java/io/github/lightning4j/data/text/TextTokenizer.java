package io.github.lightning4j.data.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the tokens that an encoder of Hugging Face was trained on, by its own library: a {@code tokenizer.json} has the rules.
 * Needs {@code ai.djl.huggingface:tokenizers}, of the same version as DJL. Its native library is in that jar; nothing is
 * downloaded.
 *
 * <p>A text is cut after {@link #maxLength} tokens, the special ones included. The padding that the file asks for, often to a
 * fixed length, is left out: a batch is padded to its longest text.
 *
 * <pre>{@code
 * try (TextTokenizer tokenizer = TextTokenizer.read(folder.resolve("tokenizer.json"))) {
 *     TextDataset texts = TextDataset.of(tokenizer, sentences, classes);
 * }
 * }</pre>
 *
 * <p>It may be used by several threads.
 */
public final class TextTokenizer implements AutoCloseable {
    private static final String FLAVOR = "RUST_FLAVOR";

    private final HuggingFaceTokenizer tokenizer;
    private final Path file;
    private final int maxLength;
    private final int padId;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenizerFile file, int maxLength) {
        this.tokenizer = tokenizer;
        this.file = file.path();
        this.maxLength = maxLength;
        padId = file.padId();
    }

    /**
     * Reads a tokenizer with the maximum length that its file says.
     *
     * @param file a {@code tokenizer.json}
     * @return the tokenizer, to be closed
     * @throws ConfigurationException if the file is missing, is none or says no maximum length, or the library is not on the
     *     class path
     */
    public static TextTokenizer read(Path file) {
        TokenizerFile said = TokenizerFile.read(file);
        return open(said, said.maxLength());
    }

    /**
     * Reads a tokenizer.
     *
     * @param file a {@code tokenizer.json}
     * @param maxLength how many tokens a text may have, special ones included, 3 or more; at most the positions that the
     *     encoder knows
     * @return the tokenizer, to be closed
     * @throws ConfigurationException if the file is missing or is none, the length is less, or the library is not on the class
     *     path
     */
    public static TextTokenizer read(Path file, int maxLength) {
        Require.atLeast(3, maxLength, "maxLength of TextTokenizer");
        return open(TokenizerFile.read(file), maxLength);
    }

    private static TextTokenizer open(TokenizerFile file, int maxLength) {
        requireLibrary();
        TorchRuntime.keepQuiet();
        if (System.getenv(FLAVOR) == null && System.getProperty(FLAVOR) == null) {
            // Where there is a GPU the library of another build would be downloaded.
            System.setProperty(FLAVOR, "cpu");
        }
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file.path())
                    .optPadding(false)
                    .optTruncation(true)
                    .optMaxLength(maxLength)
                    .build();
            return new TextTokenizer(tokenizer, file, maxLength);
        } catch (IOException | EngineException e) {
            throw new ConfigurationException(
                    file.path() + " cannot be read by ai.djl.huggingface:tokenizers: " + e + ".", e);
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    file.path() + " is no tokenizer.json of Hugging Face: " + e.getMessage() + ".", e);
        }
    }

    private static void requireLibrary() {
        try {
            Class.forName(
                    "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer", false, TextTokenizer.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(
                    "A tokenizer.json is read by ai.djl.huggingface:tokenizers, which is not on the class path. Add it to"
                            + " the dependencies, in the version of DJL.",
                    e);
        }
    }

    /**
     * After how many tokens a text is cut.
     *
     * @return the number, special tokens included
     */
    public int maxLength() {
        return maxLength;
    }

    /**
     * What short texts are filled with.
     *
     * @return the number of the token
     */
    public int padId() {
        return padId;
    }

    /**
     * Makes tokens.
     *
     * @param texts any number
     * @return the numbers of the tokens of each text, special ones included, not padded
     */
    public long[][] encode(List<String> texts) {
        if (texts.isEmpty()) {
            return new long[0][];
        }
        return Arrays.stream(tokenizer.batchEncode(texts)).map(Encoding::getIds).toArray(long[][]::new);
    }

    /**
     * Makes a batch, as {@code BertEncoder} takes it.
     *
     * @param manager owns the arrays
     * @param texts at least one
     * @return {@code input_ids} and {@code attention_mask}, INT64 (texts, tokens of the longest)
     */
    public NDList batch(NDManager manager, List<String> texts) {
        Require.atLeast(1, texts.size(), "the number of texts in a batch");
        return TokenBatch.of(encode(texts), padId).arrays(manager);
    }

    /**
     * Makes text of tokens.
     *
     * @param ids the numbers of the tokens
     * @return the text, without special tokens
     */
    public String decode(long[] ids) {
        return tokenizer.decode(ids, true);
    }

    @Override
    public String toString() {
        return "TextTokenizer of " + file + ", at most " + maxLength + " tokens a text";
    }

    /** Frees the native tokenizer. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
