package io.github.lightning4j.examples;

import io.github.lightning4j.DataException;

/** The characters of a text, and their numbers from 0 on in the order of Unicode. */
record Alphabet(String characters) {
    static Alphabet of(String text) {
        StringBuilder sorted = new StringBuilder();
        text.chars().distinct().sorted().forEach(character -> sorted.append((char) character));
        return new Alphabet(sorted.toString());
    }

    int size() {
        return characters.length();
    }

    long[] encode(String text) {
        return text.chars().mapToLong(this::number).toArray();
    }

    private long number(int character) {
        int number = characters.indexOf(character);
        if (number < 0) {
            throw new DataException("'" + (char) character + "' is none of the " + size() + " characters of the text.");
        }
        return number;
    }

    char character(int number) {
        return characters.charAt(number);
    }
}
