package io.github.lightning4j.internal.io;

import java.util.Arrays;

/** The mark that spreadsheets and some editors put before the text of a UTF-8 file they save; it is no part of the text. */
public final class ByteOrderMark {
    /** How many bytes it has. */
    public static final int LENGTH = 3;

    private static final byte[] UTF_8 = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private ByteOrderMark() {}

    /** The text without it. */
    public static byte[] strip(byte[] text) {
        boolean marked = text.length >= LENGTH && Arrays.equals(text, 0, LENGTH, UTF_8, 0, LENGTH);
        return marked ? Arrays.copyOfRange(text, LENGTH, text.length) : text;
    }
}
