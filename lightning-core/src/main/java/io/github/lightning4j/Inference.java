package io.github.lightning4j;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A module used as it is: layers in eval mode, nothing recorded for backward, and what was made freed at the end. It works
 * anywhere: before, during and after a fit, in every hook, on any thread, and within a training step for a part that is not
 * to be trained.
 *
 * <pre>{@code
 * try (Inference in = module.inference()) {
 *     float[] scores = in.forward(in.manager().create(sample)).toFloatArray();
 * }
 *
 * public NDArray trainingStep(Batch batch, int batchIndex) {
 *     try (Inference frozen = inference()) {
 *         NDList features = frozen.call(backbone, batch.getData());
 *         return Losses.crossEntropy(call(head, features).head(), batch.getLabels().head());
 *     }
 * }
 * }</pre>
 *
 * <p>Only what is called through it runs so; {@code call} of the module beside it, as of {@code head} above, goes on as the
 * training step has it. Results live until it is closed, in a hook at most as long as the hook.
 */
public final class Inference implements AutoCloseable {
    private final ModuleBlock module;
    private final NDManager manager;
    private final Device device;
    private final ParameterStore parameters;
    private final Map<NDArray, NDManager> results = new IdentityHashMap<>();

    Inference(ModuleBlock module) {
        this.module = module;
        this.device = device(module);
        this.manager = MemoryScope.outside(() -> NDManager.newBaseManager(device, "PyTorch"));
        this.parameters = new ModuleParameterStore(manager);
    }

    private static Device device(ModuleBlock module) {
        for (Parameter parameter : module.getParameters().values()) {
            return parameter.getArray().getDevice();
        }
        return Device.cpu();
    }

    /**
     * A manager on the module's device for inputs; what is made on it is freed when this is closed.
     *
     * @return the manager
     */
    public NDManager manager() {
        return manager;
    }

    /**
     * What the module computes for one array.
     *
     * @param input the input, moved to the module's device if it is elsewhere
     * @return the first output
     */
    public NDArray forward(NDArray input) {
        return forward(new NDList(input)).head();
    }

    /**
     * What the module computes.
     *
     * @param inputs the inputs, moved to the module's device if they are elsewhere
     * @return the outputs
     */
    public NDList forward(NDList inputs) {
        return run(() -> ModuleBlock.outputs(module, module.forward(onDevice(inputs))));
    }

    /**
     * What a layer computes for one array.
     *
     * @param block the layer
     * @param input the input, moved to the module's device if it is elsewhere
     * @return the first output
     */
    public NDArray call(Block block, NDArray input) {
        return call(block, new NDList(input)).head();
    }

    /**
     * What a layer computes.
     *
     * @param block the layer
     * @param inputs the inputs, moved to the module's device if they are elsewhere
     * @return the outputs
     */
    public NDList call(Block block, NDList inputs) {
        return run(() -> module.call(block, onDevice(inputs)));
    }

    /** What the module computes, in copies on the manager of the first input. */
    NDList copies(NDList inputs) {
        if (inputs.isEmpty()) {
            throw new DataException("predict of " + ClassName.of(module)
                    + " got no input. Give it one; what it returns belongs to the manager of the first.");
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (Require.given(inputs.get(i), "input " + i + " of predict").isReleased()) {
                throw new DataException("predict of " + ClassName.of(module) + " got an array that was closed as input "
                        + i + ". Close inputs when you have done with them.");
            }
        }
        NDManager owner = inputs.head().getManager();
        NDList outputs = forwardExplained(inputs);
        NDList copies = new NDList(outputs.size());
        for (NDArray output : outputs) {
            NDArray copy = output.duplicate();
            copy.attach(owner);
            copies.add(copy);
        }
        return copies;
    }

    private NDList forwardExplained(NDList inputs) {
        try {
            return forward(inputs);
        } catch (LightningException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new LightningException(
                    "forward of " + ClassName.of(module) + " failed for inputs of shapes "
                            + Arrays.toString(inputs.getShapes()) + ": " + e.getMessage()
                            + ". Make the inputs fit what forward does.",
                    e);
        }
    }

    private NDList run(Supplier<NDList> layers) {
        if (!manager.isOpen()) {
            throw new ConfigurationException("This inference of " + ClassName.of(module)
                    + " was closed, and its results with it. Use it within its try, or make another with inference().");
        }
        try (MemoryScope scope = MemoryScope.open();
                CallContext context = CallContext.evaluating(parameters)) {
            NDList outputs = layers.get();
            for (NDArray output : outputs) {
                if (scope.handOut(output)) {
                    results.put(output, output.getManager());
                }
            }
            return outputs;
        }
    }

    private NDList onDevice(NDList inputs) {
        NDList moved = new NDList(inputs.size());
        for (NDArray input : inputs) {
            moved.add(input.toDevice(device, false));
        }
        return moved;
    }

    /** Frees the results, apart from those that were given to another manager, as {@code keep} does. */
    @Override
    public void close() {
        results.forEach((array, owner) -> {
            if (!array.isReleased() && array.getManager() == owner) {
                array.close();
            }
        });
        manager.close();
    }
}
