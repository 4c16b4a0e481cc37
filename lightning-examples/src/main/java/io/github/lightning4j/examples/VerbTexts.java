package io.github.lightning4j.examples;

import io.github.lightning4j.DataException;
import io.github.lightning4j.data.text.TextDataset;
import io.github.lightning4j.data.text.TextTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Definitions of verbs and the kinds of verb they define, in a fixed random order. */
record VerbTexts(List<String> texts, List<String> kinds) {
    static final List<String> KINDS = List.of(
            "body",
            "change",
            "cognition",
            "communication",
            "competition",
            "consumption",
            "contact",
            "creation",
            "emotion",
            "motion",
            "perception",
            "possession",
            "social",
            "stative");

    private static final String FILE = "verbs/verbs.tsv.gz";

    static VerbTexts bundled() {
        try (InputStream in = Objects.requireNonNull(VerbTexts.class.getResourceAsStream(FILE), FILE);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
            List<String[]> rows = lines.lines().map(line -> line.split("\t", 2)).toList();
            return new VerbTexts(
                    rows.stream().map(row -> row[1]).toList(),
                    rows.stream().map(row -> row[0]).toList());
        } catch (IOException e) {
            throw new DataException("The bundled definitions cannot be read: " + e + ".", e);
        }
    }

    int size() {
        return texts.size();
    }

    TextDataset tokens(TextTokenizer tokenizer, int from, int to) {
        long[] labels =
                kinds.subList(from, to).stream().mapToLong(KINDS::indexOf).toArray();
        return TextDataset.of(tokenizer, texts.subList(from, to), labels);
    }
}
