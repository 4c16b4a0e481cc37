/**
 * Texts: {@link io.github.lightning4j.data.text.TextTokenizer} reads a {@code tokenizer.json} of Hugging Face, {@link
 * io.github.lightning4j.data.text.TextDataset} makes padded batches of tokens.
 */
@NullMarked
package io.github.lightning4j.data.text;

import org.jspecify.annotations.NullMarked;
