package io.github.lightning4j.nn;

import com.google.gson.JsonNull;
import io.github.lightning4j.ConfigurationException;
import java.util.Map;

/** The fields of a {@code config.json}. */
record BertFields(Map<String, Object> fields, String file) {

    BertConfig config() {
        Object type = fields.getOrDefault("model_type", "bert");
        if (!type.equals("bert")) {
            throw wrong("model_type", type, "\"bert\"; other encoders compute something else");
        }
        Object positions = fields.getOrDefault("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw wrong("position_embedding_type", positions, "\"absolute\"");
        }
        return new BertConfig(
                size("hidden_size"),
                size("num_hidden_layers"),
                size("num_attention_heads"),
                size("intermediate_size"),
                size("vocab_size"),
                number("max_position_embeddings", 512L).intValue(),
                number("type_vocab_size", 2L).intValue(),
                number("layer_norm_eps", 1e-12).doubleValue(),
                String.valueOf(fields.getOrDefault("hidden_act", "gelu")),
                number("hidden_dropout_prob", 0.1).doubleValue(),
                number("attention_probs_dropout_prob", 0.1).doubleValue(),
                fields.get("pad_token_id") == JsonNull.INSTANCE
                        ? -1
                        : number("pad_token_id", 0L).intValue(),
                number("initializer_range", 0.02).doubleValue());
    }

    private int size(String name) {
        if (!fields.containsKey(name)) {
            throw new ConfigurationException(file + " has no field '" + name
                    + "', which the config.json of a BERT encoder has; its fields are " + fields.keySet() + ".");
        }
        return number(name, 0L).intValue();
    }

    private Number number(String name, Number otherwise) {
        Object value = fields.getOrDefault(name, otherwise);
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof Long number && number == number.intValue()) {
            return number;
        }
        throw wrong(name, value, "a number");
    }

    private ConfigurationException wrong(String name, Object value, String expected) {
        return new ConfigurationException(name + " in " + file + " is " + value + ", but it must be " + expected + ".");
    }
}
