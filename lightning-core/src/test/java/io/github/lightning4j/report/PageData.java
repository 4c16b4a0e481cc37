package io.github.lightning4j.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The data in a page, as a browser would find it. */
final class PageData {
    private static final String BEGIN = "<script type=\"application/json\" id=\"data\">";

    private PageData() {}

    static JsonObject of(Path page) throws IOException {
        String html = Files.readString(page);
        int begin = html.indexOf(BEGIN) + BEGIN.length();
        return JsonParser.parseString(html.substring(begin, html.indexOf("</script", begin)))
                .getAsJsonObject();
    }

    static JsonObject run(JsonObject data, int index) {
        return data.getAsJsonArray("runs").get(index).getAsJsonObject();
    }

    static List<String> titles(JsonObject data) {
        return strings(data.getAsJsonArray("charts"), "title");
    }

    static JsonObject chart(JsonObject data, String title) {
        return named(data.getAsJsonArray("charts"), "title", title);
    }

    static JsonObject line(JsonObject chart, String name) {
        return named(chart.getAsJsonArray("lines"), "name", name);
    }

    static JsonObject metric(JsonObject run, String name) {
        return named(run.getAsJsonArray("metrics"), "name", name);
    }

    static JsonObject named(Iterable<JsonElement> all, String key, String name) {
        for (JsonElement one : all) {
            if (one.getAsJsonObject().get(key).getAsString().equals(name)) {
                return one.getAsJsonObject();
            }
        }
        throw new AssertionError("There is no " + name + " in " + all);
    }

    static List<String> strings(Iterable<JsonElement> all, String key) {
        List<String> strings = new ArrayList<>();
        all.forEach(one -> strings.add(one.getAsJsonObject().get(key).getAsString()));
        return strings;
    }
}
