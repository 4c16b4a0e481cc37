package io.github.lightning4j.report;

import ai.djl.engine.Engine;
import io.github.lightning4j.Run;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.List;

/** Where and how a run runs, in pairs of what and which. It names neither the machine nor its user. */
final class Environment {
    private Environment() {}

    static List<List<String>> of(Run run) {
        List<List<String>> all = new ArrayList<>();
        all.add(List.of("seed", Long.toString(run.seeds().seed())));
        all.add(List.of("module", run.module().getClass().getSimpleName()));
        if (run.isFitting()) {
            all.add(List.of("max epochs", limit(run.maxEpochs())));
            all.add(List.of("max steps", limit(run.maxSteps())));
        }
        all.add(List.of("started", Clock.now()));
        all.add(List.of(
                "device",
                run.module().getParameters().values().stream()
                        .filter(parameter -> parameter.isInitialized())
                        .findFirst()
                        .map(parameter -> parameter.getArray().getDevice().toString())
                        .orElse("not known yet")));
        all.add(List.of("threads of an operation", Integer.toString(TorchRuntime.threads())));
        all.add(List.of("libtorch", Engine.getEngine("PyTorch").getVersion()));
        all.add(List.of("DJL", String.valueOf(Engine.getDjlVersion())));
        String version = Environment.class.getPackage().getImplementationVersion();
        if (version != null) {
            all.add(List.of("Lightning4j", version));
        }
        all.add(List.of("Java", Runtime.version() + ", " + System.getProperty("java.vm.name")));
        all.add(List.of("operating system", System.getProperty("os.name") + " " + System.getProperty("os.version")));
        all.add(List.of(
                "processor", Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch")));
        return all;
    }

    private static String limit(long limit) {
        return limit < 0 ? "none" : Long.toString(limit);
    }
}
