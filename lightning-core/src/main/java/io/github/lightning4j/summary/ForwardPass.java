package io.github.lightning4j.summary;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import io.github.lightning4j.internal.torch.Chain;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.KeptBuffers;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.ModuleParameterStore;
import io.github.lightning4j.internal.torch.WatchingStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A forward pass of a block in evaluation, without gradients, and the calls of layers in it. Nothing is left of it but these:
 * what it made is freed, and buffers are as before.
 */
final class ForwardPass extends WatchingStore {
    private final ModuleParameterStore unwatched;
    private List<LayerCall> calls = new ArrayList<>();

    private ForwardPass(NDManager manager) {
        super(manager);
        unwatched = new ModuleParameterStore(manager);
    }

    /** Calls a block with zeros of some shapes; those of whole numbers where real ones are refused, as look-ups do. */
    static LayerCall of(Block block, List<Shape> shapes) {
        DataType real = dataType(block);
        try {
            return of(block, shapes, real);
        } catch (RuntimeException refused) {
            try {
                return of(block, shapes, DataType.INT64);
            } catch (RuntimeException again) {
                throw refused;
            }
        }
    }

    private static LayerCall of(Block block, List<Shape> shapes, DataType dataType) {
        return run(block, manager -> {
            NDList zeros = new NDList();
            shapes.forEach(shape -> zeros.add(manager.zeros(shape, dataType)));
            return zeros;
        });
    }

    /** Calls a block with some inputs. */
    static LayerCall of(Block block, NDList inputs) {
        return run(block, manager -> {
            NDList here = new NDList();
            inputs.forEach(input -> here.add(input.toDevice(manager.getDevice(), false)));
            return here;
        });
    }

    private static LayerCall run(Block block, Function<NDManager, NDList> inputs) {
        try (MemoryScope scope = MemoryScope.open();
                NDManager manager = NDManager.newBaseManager(device(block), "PyTorch");
                KeptBuffers kept = KeptBuffers.of(block);
                GradMode off = GradMode.off()) {
            ForwardPass pass = new ForwardPass(manager);
            pass.forward(block, inputs.apply(manager));
            return pass.calls.get(0);
        }
    }

    private static Device device(Block block) {
        for (Parameter parameter : block.getParameters().values()) {
            return parameter.getArray().getDevice();
        }
        return Device.cpu();
    }

    private static DataType dataType(Block block) {
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.getType() != Parameter.Type.OTHER
                    && parameter.getArray().getDataType().isFloating()) {
                return parameter.getArray().getDataType();
            }
        }
        return DataType.FLOAT32;
    }

    @Override
    public NDList forward(Block layer, NDList inputs) {
        List<LayerCall> outer = calls;
        calls = new ArrayList<>();
        List<Shape> given = List.of(inputs.getShapes());
        try {
            Products products = new Products();
            Supplier<NDList> action = () -> call(layer, new NDList(inputs));
            NDList outputs = LayerCall.isHidden(layer, given) ? products.counting(action) : action.get();
            outer.add(new LayerCall(
                    layer,
                    given,
                    List.of(outputs.getShapes()),
                    bytes(outputs, inputs),
                    products.flops(),
                    List.copyOf(calls)));
            return outputs;
        } finally {
            calls = outer;
        }
    }

    private NDList call(Block layer, NDList inputs) {
        if (Chain.isPlain(layer)) {
            NDList current = inputs;
            for (Block member : layer.getChildren().values()) {
                current = forward(member, current);
            }
            return current;
        }
        if (layer.getClass() == ParallelBlock.class) {
            for (Block member : layer.getChildren().values()) {
                forward(member, inputs);
            }
            return layer.forward(unwatched, inputs, false);
        }
        return layer.forward(this, inputs, false);
    }

    private static long bytes(NDList outputs, NDList inputs) {
        Map<NDArray, NDArray> given = new IdentityHashMap<>();
        inputs.forEach(input -> given.put(input, input));
        long bytes = 0;
        for (NDArray output : outputs) {
            bytes += given.containsKey(output)
                    ? 0
                    : output.size() * output.getDataType().getNumOfBytes();
        }
        return bytes;
    }
}
