package io.github.lightning4j.nn;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a {@code config.json} of Hugging Face says of a BERT encoder. Each component is the field of the same name, there
 * written {@code hidden_size}.
 *
 * @param hiddenSize numbers a token, a multiple of {@code numAttentionHeads}
 * @param numHiddenLayers how many layers, 1 or more
 * @param numAttentionHeads how many heads of attention share the numbers of a token, 1 or more
 * @param intermediateSize the hidden units of a layer, 1 or more
 * @param vocabSize how many kinds of token there are, 1 or more
 * @param maxPositionEmbeddings how many tokens a text may have, 1 or more
 * @param typeVocabSize how many kinds of segment there are, 1 or more
 * @param layerNormEps what norms add to the variance, 0 or more
 * @param hiddenAct the activation of the hidden units: {@code gelu}, {@code gelu_new}, {@code gelu_pytorch_tanh}, {@code
 *     relu}, {@code silu} or {@code swish}
 * @param hiddenDropoutProb what part of embeddings and of what layers add is dropped in training, 0 or more and below 1
 * @param attentionProbsDropoutProb what part of the weights of attention is dropped in training, 0 or more and below 1
 * @param padTokenId the token that fills short texts, whose embedding starts at 0 and is never trained; -1 for none
 * @param initializerRange the deviation of the first weights, 0 or more
 */
public record BertConfig(
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        int vocabSize,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps,
        String hiddenAct,
        double hiddenDropoutProb,
        double attentionProbsDropoutProb,
        int padTokenId,
        double initializerRange) {

    /**
     * Checks the values.
     *
     * @param hiddenSize see the component
     * @param numHiddenLayers see the component
     * @param numAttentionHeads see the component
     * @param intermediateSize see the component
     * @param vocabSize see the component
     * @param maxPositionEmbeddings see the component
     * @param typeVocabSize see the component
     * @param layerNormEps see the component
     * @param hiddenAct see the component
     * @param hiddenDropoutProb see the component
     * @param attentionProbsDropoutProb see the component
     * @param padTokenId see the component
     * @param initializerRange see the component
     * @throws ConfigurationException naming the field that is out of range
     */
    public BertConfig {
        Require.atLeast(1, numAttentionHeads, "num_attention_heads");
        Require.that(
                hiddenSize > 0 && hiddenSize % numAttentionHeads == 0,
                "hidden_size",
                hiddenSize,
                "a multiple of num_attention_heads, " + numAttentionHeads,
                "");
        Require.atLeast(1, numHiddenLayers, "num_hidden_layers");
        Require.atLeast(1, intermediateSize, "intermediate_size");
        Require.atLeast(1, vocabSize, "vocab_size");
        Require.atLeast(1, maxPositionEmbeddings, "max_position_embeddings");
        Require.atLeast(1, typeVocabSize, "type_vocab_size");
        Require.notNegative(layerNormEps, "layer_norm_eps");
        activation(hiddenAct);
        Require.belowOne(hiddenDropoutProb, "hidden_dropout_prob");
        Require.belowOne(attentionProbsDropoutProb, "attention_probs_dropout_prob");
        Require.that(
                padTokenId >= -1 && padTokenId < vocabSize,
                "pad_token_id",
                padTokenId,
                "from 0 to " + (vocabSize - 1) + ", or -1 for none",
                "");
        Require.notNegative(initializerRange, "initializer_range");
    }

    /**
     * A configuration with the defaults of BERT for the rest: 512 positions, 2 kinds of segment, GELU, dropout 0.1, 1e-12 in
     * norms, padding by token 0, a deviation of 0.02.
     *
     * @param hiddenSize numbers a token, a multiple of {@code numAttentionHeads}
     * @param numHiddenLayers how many layers, 1 or more
     * @param numAttentionHeads how many heads, 1 or more
     * @param intermediateSize the hidden units of a layer, 1 or more
     * @param vocabSize how many kinds of token there are, 1 or more
     * @return the configuration
     * @throws ConfigurationException naming the field that is out of range
     */
    public static BertConfig of(
            int hiddenSize, int numHiddenLayers, int numAttentionHeads, int intermediateSize, int vocabSize) {
        return new BertConfig(
                hiddenSize,
                numHiddenLayers,
                numAttentionHeads,
                intermediateSize,
                vocabSize,
                512,
                2,
                1e-12,
                "gelu",
                0.1,
                0.1,
                0,
                0.02);
    }

    /**
     * Reads the file beside a model of Hugging Face. The five sizes must be there; what else is left out has BERT's
     * defaults.
     *
     * @param file a {@code config.json}
     * @return what it says
     * @throws ConfigurationException if the file is missing, is not of a BERT encoder, or a field is not as it has to be
     */
    public static BertConfig read(Path file) {
        try {
            return of(new BertFields(Json.parse(Files.readString(file)), file.toString()));
        } catch (IOException e) {
            throw new ConfigurationException(
                    Files.exists(file)
                            ? file + " cannot be read as JSON: " + e + "."
                            : "There is no file " + file + "; Hugging Face has it beside the weights of a model.",
                    e);
        }
    }

    private static BertConfig of(BertFields fields) {
        fields.require("model_type", "bert");
        fields.require("position_embedding_type", "absolute");
        return new BertConfig(
                fields.size("hidden_size"),
                fields.size("num_hidden_layers"),
                fields.size("num_attention_heads"),
                fields.size("intermediate_size"),
                fields.size("vocab_size"),
                fields.whole("max_position_embeddings", 512),
                fields.whole("type_vocab_size", 2),
                fields.number("layer_norm_eps", 1e-12),
                fields.text("hidden_act", "gelu"),
                fields.number("hidden_dropout_prob", 0.1),
                fields.number("attention_probs_dropout_prob", 0.1),
                fields.isNull("pad_token_id") ? -1 : fields.whole("pad_token_id", 0),
                fields.number("initializer_range", 0.02));
    }

    /**
     * The same with other dropout, of embeddings, layers and attention.
     *
     * @param part 0 or more and below 1
     * @return the configuration
     * @throws ConfigurationException if it is outside
     */
    public BertConfig withDropout(double part) {
        return new BertConfig(
                hiddenSize,
                numHiddenLayers,
                numAttentionHeads,
                intermediateSize,
                vocabSize,
                maxPositionEmbeddings,
                typeVocabSize,
                layerNormEps,
                hiddenAct,
                part,
                part,
                padTokenId,
                initializerRange);
    }

    /** As TorchScript of x. */
    String activation() {
        return activation(hiddenAct);
    }

    private static String activation(String name) {
        return switch (name) {
            case "gelu" -> "torch.gelu(x)";
            case "gelu_new", "gelu_pytorch_tanh" -> "torch.gelu(x, approximate='tanh')";
            case "relu" -> "torch.relu(x)";
            case "silu", "swish" -> "torch.silu(x)";
            default ->
                throw new ConfigurationException("hidden_act is '" + name
                        + "', but it must be gelu, gelu_new, gelu_pytorch_tanh, relu, silu or swish.");
        };
    }
}
