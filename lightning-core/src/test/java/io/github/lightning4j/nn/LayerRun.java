package io.github.lightning4j.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.LayerCases.LayerCase;
import io.github.lightning4j.optim.Adam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Layers side by side in a module, trained for a few steps; as a process, from the start and from where they were left. */
final class LayerRun extends LightningModule {
    private static final int BATCHES = 2;

    private final Map<String, Block> layers = new LinkedHashMap<>();
    private final PReLU last = new PReLU();

    LayerRun(Map<Class<? extends Block>, LayerCase> cases) {
        cases.forEach((type, each) -> {
            String name = type.getSimpleName();
            layers.put(name, addChildBlock(name, each.make().get()));
        });
        addChildBlock("last", last);
    }

    /** What the first layer computes. */
    @Override
    public NDList forward(NDList inputs) {
        return through(layers.values().iterator().next(), inputs);
    }

    private NDList through(Block layer, NDList inputs) {
        return call(last, new NDList(call(layer, inputs).head()));
    }

    @Override
    public NDArray trainingStep(Batch batch, int batchIndex) {
        NDArray loss = batch.getManager().zeros(new Shape());
        int at = 0;
        for (Block layer : layers.values()) {
            int count = layer.getClass().getSimpleName().contains("Decoder") ? 2 : 1;
            NDArray out = through(layer, new NDList(batch.getData().subList(at, at + count)))
                    .head();
            loss = loss.add(Losses.mse(out, out.onesLike()));
            at += count;
        }
        return loss;
    }

    @Override
    public OptimizerConfig configureOptimizers() {
        return Adam.builder(parameters()).lr(0.01).build();
    }

    /** Trains all to an epoch, from the newest checkpoint in the folder if there is one, and tells each's SHA-256. */
    static List<String> train(Path folder, int epochs) {
        TorchRuntime.load();
        try (NDManager manager = NDManager.newBaseManager();
                LayerRun module = new LayerRun(LayerCases.all())) {
            Trainers.quiet()
                    .maxEpochs(epochs)
                    .enableCheckpointing(true)
                    .runDirectory(folder)
                    .autoResume(true)
                    .build()
                    .fit(module, () -> batches(manager));
            return module.layers.entrySet().stream()
                    .map(each -> each.getKey() + " " + Weights.sha256(each.getValue()))
                    .toList();
        }
    }

    private static Iterator<Batch> batches(NDManager manager) {
        return Stream.iterate(1, i -> i + 1)
                .limit(BATCHES)
                .map(i -> {
                    NDManager own = manager.newSubManager();
                    TorchRandom.seed(i);
                    NDList inputs = new NDList();
                    LayerCases.all()
                            .values()
                            .forEach(each -> inputs.addAll(each.inputs().apply(own)));
                    return new Batch(own, inputs, new NDList(), BATCHES, null, null, 0, 0);
                })
                .toList()
                .iterator();
    }

    /** Arguments: where the first process left its run, where to put a new one, and the file of results. */
    public static void main(String[] arguments) throws IOException {
        List<String> results = new ArrayList<>(train(Path.of(arguments[1]), 2));
        results.addAll(train(Path.of(arguments[0]), 2));
        Files.write(Path.of(arguments[2]), results);
    }
}
