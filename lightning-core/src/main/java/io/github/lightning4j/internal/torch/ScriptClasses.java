package io.github.lightning4j.internal.torch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the classes in the source text of a TorchScript archive declare. */
final class ScriptClasses {
    private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+)\\(Module\\):\n((?: .*\n|\n)*)");
    private static final Pattern BUFFERS = Pattern.compile("(?m)^  __buffers__ = \\[(.*)]$");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("(?m)^  (?:(\\w+) : |__annotations__\\[\"([^\"]+)\"] = )(\\S+)$");
    private static final Members NONE = new Members(List.of(), Map.of());

    private final Map<String, Members> members = new HashMap<>();

    /** The buffers that are tensors and the attributes that are modules, with their classes. */
    record Members(List<String> buffers, Map<String, String> modules) {}

    static ScriptClasses of(Map<String, byte[]> entries) {
        ScriptClasses classes = new ScriptClasses();
        entries.forEach((name, content) -> {
            int code = name.indexOf("/code/");
            if (code > 0 && name.endsWith(".py")) {
                String scope = name.substring(code + "/code/".length(), name.length() - ".py".length())
                        .replace('/', '.');
                classes.read(scope, new String(content, StandardCharsets.UTF_8));
            }
        });
        return classes;
    }

    private void read(String scope, String text) {
        Matcher matcher = CLASS.matcher(text);
        while (matcher.find()) {
            members.put(scope + '.' + matcher.group(1), membersOf(matcher.group(2)));
        }
    }

    private static Members membersOf(String body) {
        Map<String, String> types = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(body);
        while (attribute.find()) {
            types.put(attribute.group(1) != null ? attribute.group(1) : attribute.group(2), attribute.group(3));
        }
        List<String> buffers = new ArrayList<>();
        Matcher declared = BUFFERS.matcher(body);
        if (declared.find()) {
            Matcher name = QUOTED.matcher(declared.group(1));
            while (name.find()) {
                if ("Tensor".equals(types.get(name.group(1)))) {
                    buffers.add(name.group(1));
                }
            }
        }
        types.values().removeIf(type -> !type.startsWith("__torch__."));
        return new Members(buffers, types);
    }

    Members members(String type) {
        return members.getOrDefault(type, NONE);
    }

    /** The file of the source text that holds a class, below {@code code/}. */
    static String file(String type) {
        return type.substring(0, type.lastIndexOf('.')).replace('.', '/') + ".py";
    }

    /** Where the body of a class ends in its file. */
    static int endOf(String type, String text) {
        Matcher matcher = CLASS.matcher(text);
        while (matcher.find()) {
            if (type.endsWith('.' + matcher.group(1))) {
                return matcher.end();
            }
        }
        return text.length();
    }
}
