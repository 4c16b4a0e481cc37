package io.github.lightning4j.examples;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.nn.BertEncoder;
import java.io.IOException;

/** A pretrained encoder of texts. */
interface Pretrained {
    /** The encoder with its weights, on a manager of the caller's. */
    BertEncoder encoder(NDManager manager) throws IOException;

    /** What makes its tokens, to be closed. */
    TextTokenizer tokenizer() throws IOException;
}
