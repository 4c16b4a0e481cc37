package io.github.lightning4j.nn;

import com.google.gson.JsonNull;
import io.github.lightning4j.ConfigurationException;
import java.util.Map;

/** The fields of a {@code config.json}. */
record BertFields(Map<String, Object> fields, String file) {

    /** A text that must be this one, if it is there. */
    void require(String name, String expected) {
        Object value = fields.getOrDefault(name, expected);
        if (!value.equals(expected)) {
            throw wrong(name, value, "\"" + expected + "\"; other encoders compute something else");
        }
    }

    /** A whole number that must be there. */
    int size(String name) {
        if (!fields.containsKey(name)) {
            throw new ConfigurationException(file + " has no field '" + name
                    + "', which the config.json of a BERT encoder has; its fields are " + fields.keySet() + ".");
        }
        return whole(name, 0);
    }

    int whole(String name, int otherwise) {
        Object value = fields.getOrDefault(name, (long) otherwise);
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw wrong(name, value, "a whole number");
    }

    double number(String name, double otherwise) {
        Object value = fields.getOrDefault(name, otherwise);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, value, "a number");
    }

    String text(String name, String otherwise) {
        return String.valueOf(fields.getOrDefault(name, otherwise));
    }

    boolean isNull(String name) {
        return fields.get(name) == JsonNull.INSTANCE;
    }

    private ConfigurationException wrong(String name, Object value, String expected) {
        return new ConfigurationException(name + " in " + file + " is " + value + ", but it must be " + expected + ".");
    }
}
