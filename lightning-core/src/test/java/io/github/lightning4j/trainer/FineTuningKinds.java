package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.callback.BackboneFinetuning;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.text.TextDataset;
import io.github.lightning4j.data.text.TextTokenizer;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.nn.BertConfig;
import io.github.lightning4j.nn.BertEncoder;
import io.github.lightning4j.nn.Linear;
import io.github.lightning4j.nn.LoRA;
import io.github.lightning4j.nn.MultiheadAttention;
import io.github.lightning4j.nn.Pooling;
import io.github.lightning4j.nn.TorchScriptBlock;
import io.github.lightning4j.optim.Adam;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Ways of fine-tuning; and a program that goes on with, or begins, a run of each in a folder and writes down its weights. */
enum FineTuningKinds {
    HEAD_ALONE,
    BACKBONE_FINETUNING,
    BACKBONE_FINETUNING_GRADUALLY,
    TORCH_SCRIPT,
    TORCH_SCRIPT_AND_BACKBONE_FINETUNING,
    LORA,
    LORA_ON_ATTENTION,
    TIED,
    TEXT_WITH_LORA,
    TEXT_WITH_BACKBONE_FINETUNING;

    private static final int EPOCHS = 2;

    public static void main(String... args) throws IOException {
        Path folder = Path.of(args[0]);
        for (FineTuningKinds kind : values()) {
            String weights = kind.train(folder.resolve(kind.name()), EPOCHS);
            Files.writeString(folder.resolve(kind + ".sha256"), weights);
        }
    }

    /** Trains to the end of so many epochs, from where the folder's run was left; the digest of the weights. */
    String train(Path folder, int epochs) {
        Trainer.Builder options = Trainers.quiet()
                .maxEpochs(epochs)
                .runDirectory(folder)
                .autoResume(true)
                .enableCheckpointing(true);
        addCallback(options);
        try (TestData data = TestData.open();
                LightningModule module = module()) {
            options.build().fit(module, loader(data));
            return Weights.sha256(module);
        }
    }

    void addCallback(Trainer.Builder options) {
        if (name().contains("BACKBONE")) {
            BackboneFinetuning.Builder callback =
                    BackboneFinetuning.builder("backbone").unfreezeAtEpoch(1);
            options.callbacks(
                    this == BACKBONE_FINETUNING_GRADUALLY
                            ? callback.gradually(1).build()
                            : callback.build());
        }
    }

    Iterable<Batch> loader(TestData data) {
        return isText() ? texts() : data.regression(20, 4);
    }

    private boolean isText() {
        return name().startsWith("TEXT");
    }

    LightningModule module() {
        return new Tuned(this);
    }

    private static DataLoader texts() {
        List<String> texts = IntStream.range(0, 20)
                .mapToObj(i -> String.join(" ", Collections.nCopies(i % 5, i % 2 == 0 ? "cat" : "dog")))
                .toList();
        long[] labels = IntStream.range(0, 20).mapToLong(i -> i % 2).toArray();
        try (TextTokenizer tokenizer = TextTokenizer.read(resource(TextDataset.class, "tokenizer.json"))) {
            TextDataset dataset = TextDataset.of(tokenizer, texts, labels);
            return DataLoader.builder(dataset)
                    .batchSize(4)
                    .shuffle(true)
                    .bucketByLength(dataset::length)
                    .build();
        }
    }

    private Block backbone() {
        return switch (this) {
            case TEXT_WITH_LORA, TEXT_WITH_BACKBONE_FINETUNING ->
                new BertEncoder(BertConfig.of(8, 2, 2, 8, 40), Pooling.MEAN);
            case TORCH_SCRIPT, TORCH_SCRIPT_AND_BACKBONE_FINETUNING ->
                TorchScriptBlock.load(resource(TorchScriptBlock.class, "backbone.pt"));
            case TIED -> tied();
            case LORA_ON_ATTENTION ->
                new SequentialBlock()
                        .add(new Linear(TestData.FEATURES, 6))
                        .add(list -> new NDList(list.head().expandDims(1)))
                        .add(new MultiheadAttention(6, 2))
                        .add(list -> new NDList(list.head().squeeze(1)));
            default ->
                new SequentialBlock()
                        .add(new Linear(TestData.FEATURES, 6))
                        .add(list -> new NDList(list.head().tanh()))
                        .add(new Linear(6, 6))
                        .add(Dropout.builder().optRate(0.2f).build());
        };
    }

    private static Block tied() {
        Linear shared = new Linear(TestData.FEATURES, TestData.FEATURES);
        return new SequentialBlock()
                .add(shared)
                .add(list -> new NDList(list.head().tanh()))
                .add(shared);
    }

    private static Path resource(Class<?> beside, String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(beside.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Tuned extends LightningModule {
        private final boolean classifies;
        private final Block backbone;
        private final Block head;

        Tuned(FineTuningKinds kind) {
            classifies = kind.isText();
            Shape inputs = new Shape(1, classifies ? 2 : TestData.FEATURES);
            backbone = addChildBlock("backbone", kind.backbone(), inputs);
            int features = (int) kind.backboneOutputs(backbone, inputs);
            head = addChildBlock("head", new Linear(features, TestData.TARGETS), new Shape(1, features));
            if (kind == HEAD_ALONE) {
                freeze(backbone);
            } else if (kind.name().contains("LORA")) {
                LoRA.builder(2).alpha(4).dropout(0.3).build().applyTo(backbone);
            }
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray output = call(head, call(backbone, batch.getData())).head();
            NDArray labels = batch.getLabels().head();
            return classifies ? Losses.crossEntropy(output, labels) : Losses.mse(output, labels);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return Adam.builder(parameters()).lr(0.01).build();
        }
    }

    private long backboneOutputs(Block backbone, Shape inputs) {
        return switch (this) {
            case TORCH_SCRIPT, TORCH_SCRIPT_AND_BACKBONE_FINETUNING, TEXT_WITH_LORA, TEXT_WITH_BACKBONE_FINETUNING ->
                backbone.getOutputShapes(new Shape[] {inputs})[0].get(1);
            case TIED -> TestData.FEATURES;
            default -> 6;
        };
    }
}
