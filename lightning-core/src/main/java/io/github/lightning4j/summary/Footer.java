package io.github.lightning4j.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines below the table: numbers, aligned, and what they are. */
final class Footer {
    private static final double MIB = 1 << 20;

    private final List<String[]> lines = new ArrayList<>();

    static String of(ParameterTotals totals) {
        return new Footer().parameters(totals).text();
    }

    Footer modes(int training, int evaluating) {
        add(grouped(training), "layers in train mode");
        add(grouped(evaluating), "layers in eval mode");
        return this;
    }

    Footer pass(ForwardCost pass, long trainingBytes) {
        add(pass.flops().toString(), "FLOPs of a forward pass for inputs " + Sizes.all(pass.inputs()));
        add(mib(pass.activationBytes()), "MiB of layer outputs in that pass");
        add(
                mib(trainingBytes),
                "MiB for a training step of it: parameters, gradients and layer outputs, without the optimizer's state");
        return this;
    }

    Footer parameters(ParameterTotals totals) {
        add(grouped(totals.trainable()), "trainable parameters");
        add(grouped(totals.frozen()), "frozen parameters");
        add(grouped(totals.total()), "parameters in total");
        if (totals.buffers() > 0) {
            add(grouped(totals.buffers()), "numbers in buffers");
        }
        add(mib(totals.bytes()), "MiB of parameters" + (totals.buffers() > 0 ? " and buffers" : ""));
        return this;
    }

    private void add(String number, String what) {
        lines.add(new String[] {number, what});
    }

    String text() {
        int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (String[] line : lines) {
            text.append(" ".repeat(width - line[0].length()))
                    .append(line[0])
                    .append("  ")
                    .append(line[1])
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.3f", bytes / MIB);
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
