package io.github.lightning4j.nn;

import com.google.gson.JsonNull;
import io.github.lightning4j.ConfigurationException;
import java.util.Map;

/** The fields of a {@code config.json}. */
record BertFields(Map<String, Object> fields, String file) {

    /** Refuses a file whose field has another value than the one that is computed. */
    void require(String name, String only) {
        Object value = fields.getOrDefault(name, only);
        if (!value.equals(only)) {
            throw wrong(name, value, '"' + only + "\"; other encoders compute something else");
        }
    }

    String text(String name, String otherwise) {
        return String.valueOf(fields.getOrDefault(name, otherwise));
    }

    boolean isNull(String name) {
        return fields.get(name) == JsonNull.INSTANCE;
    }

    int size(String name) {
        if (!fields.containsKey(name)) {
            throw new ConfigurationException(file + " has no field '" + name
                    + "', which the config.json of a BERT encoder has; its fields are " + fields.keySet() + ".");
        }
        return number(name, 0L).intValue();
    }

    Number number(String name, Number otherwise) {
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
