package io.github.lightning4j;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files and folders that a user gives, checked before anything is written. */
public final class FileName {
    /** File systems take 255 bytes; what is added to a name (numbers, extensions, temporary files) needs the rest. */
    private static final int MOST_BYTES = 160;

    private FileName() {}

    /**
     * Requires a text that this system can have in a file name.
     *
     * @param name the text
     * @param what what it is, as the user calls it
     * @return the text
     * @throws ConfigurationException if it is too long or has characters that the system or its locale does not take
     */
    public static String require(String name, String what) {
        boolean plain = name.chars().noneMatch(Character::isISOControl);
        Require.that(plain, what, "'" + name + "'", "a file name", "It holds a control character.");
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        Require.that(bytes <= MOST_BYTES, what, "'" + name + "'", "at most " + MOST_BYTES + " bytes long", "");
        try {
            return Path.of(name).toString();
        } catch (InvalidPathException e) {
            throw new ConfigurationException(
                    what + " is '" + name + "', which this system cannot have in a file name: " + e.getReason()
                            + ". Use plain letters, or start Java in a UTF-8 locale.",
                    e);
        }
    }
}
