package io.github.lightning4j.internal.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive as text: which buffers its modules have, and the same archive with a method that returns them. DJL
 * lists a module's parameters, but not its buffers.
 */
final class ScriptArchive {
    /** The method that returns the buffers, in the order of {@link #buffers()}. */
    static final String BUFFERS_METHOD = "lightning4j_buffers";

    private static final Pattern ROOT = Pattern.compile("c(__torch__[\\w.]*)\n(\\w+)\n");
    private static final String CODE = "/code/";

    private final Map<String, byte[]> entries;
    private final String root;
    private final ScriptClasses classes;
    private final Map<String, String> buffers = new LinkedHashMap<>();

    private ScriptArchive(Map<String, byte[]> entries) throws IOException {
        this.entries = entries;
        this.root = rootClass();
        this.classes = ScriptClasses.of(entries);
        collect(root, "", "self");
    }

    /**
     * Reads an archive.
     *
     * @throws IOException if the file is no archive that {@code torch.jit.save} writes
     */
    static ScriptArchive read(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return new ScriptArchive(entries);
    }

    private String rootClass() throws IOException {
        byte[] pickle = entries.get(entry("/data.pkl"));
        Matcher matcher = ROOT.matcher(new String(pickle, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw new IOException("its data.pkl names no module");
        }
        return matcher.group(1) + '.' + matcher.group(2);
    }

    private String entry(String end) throws IOException {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(end) && name.indexOf('/') == name.length() - end.length())
                .findFirst()
                .orElseThrow(() -> new IOException("it has no " + end.substring(1)));
    }

    private void collect(String type, String path, String expression) {
        ScriptClasses.Members members = classes.members(type);
        for (String name : members.buffers()) {
            buffers.put(path + name, get(expression, name));
        }
        members.modules().forEach((name, child) -> collect(child, path + name + '.', get(expression, name)));
    }

    private static String get(String owner, String name) {
        return "getattr(" + owner + ", \"" + name + "\")";
    }

    /** The paths of all buffers, as torch's {@code named_buffers} has them. */
    Iterable<String> buffers() {
        return buffers.keySet();
    }

    /** The archive with {@link #BUFFERS_METHOD} added to its module. */
    byte[] withBuffersMethod() throws IOException {
        String file = entry(CODE + ScriptClasses.file(root));
        String text = new String(entries.get(file), StandardCharsets.UTF_8);
        String method =
                "  def " + BUFFERS_METHOD + "(self: " + root + ") -> List[Tensor]:\n    return annotate(List[Tensor], ["
                        + String.join(", ", buffers.values()) + "])\n";
        int end = ScriptClasses.endOf(root, text);
        StoredZip zip = new StoredZip();
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            zip.add(
                    entry.getKey(),
                    entry.getKey().equals(file)
                            ? (text.substring(0, end) + method + text.substring(end)).getBytes(StandardCharsets.UTF_8)
                            : entry.getValue());
        }
        return zip.finish();
    }
}
