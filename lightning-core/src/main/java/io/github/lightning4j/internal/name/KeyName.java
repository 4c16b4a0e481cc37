package io.github.lightning4j.internal.name;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user has named as one part of a key's path. Most names are their own keys; a {@code '/'}, half a surrogate pair
 * and what could be mistaken for them become {@code %} and four hexadecimal digits, and the empty name becomes {@code %}.
 */
public final class KeyName {
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-F]{4})");
    private static final String EMPTY = "%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private KeyName() {}

    public static String of(String name) {
        if (name.isEmpty()) {
            return EMPTY;
        }
        StringBuilder key = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || isHalf(name, i) || c == '%' && isAmbiguous(name, i)) {
                key.append('%').append(HEX.toHexDigits(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    private static boolean isAmbiguous(String name, int at) {
        return name.equals(EMPTY)
                || ESCAPE.matcher(name).region(at, name.length()).lookingAt();
    }

    /** Whether a character is a surrogate without its other half, which no encoding can write. */
    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /** Whether a text can be written as UTF-8: it holds no half of a surrogate pair. */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHalf(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** The name whose key this is. */
    public static String original(String key) {
        if (key.equals(EMPTY)) {
            return "";
        }
        return ESCAPE.matcher(key)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) HexFormat.fromHexDigits(escape.group(1)))));
    }
}
