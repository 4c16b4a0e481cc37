package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A TorchScript module that trains. DJL's own block keeps its mode between calls without having set it at first, hides
 * buffers, and evaluates in libtorch's inference mode, whose tensors cannot be part of a graph.
 */
public final class ScriptedModule implements AutoCloseable {
    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final ModeGate gate;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> buffers = new LinkedHashMap<>();

    private ScriptedModule(PtNDManager manager, PtSymbolBlock module) {
        this.manager = manager;
        this.module = module;
        this.gate = new ModeGate(this::setMode);
    }

    /**
     * Loads an archive.
     *
     * @param file what {@code torch.jit.save} wrote
     * @throws IOException if it is not such an archive, or libtorch does not take it
     */
    public static ScriptedModule load(Path file, Device device) throws IOException {
        ScriptArchive script = ScriptArchive.read(file);
        PtNDManager manager = MemoryScope.outside(
                () -> (PtNDManager) Engine.getEngine(PtEngine.ENGINE_NAME).newBaseManager(device));
        manager.setName("TorchScript module");
        try {
            PtSymbolBlock block =
                    JniUtils.loadModule(manager, new ByteArrayInputStream(script.withBuffersMethod()), true, false);
            ScriptedModule module = new ScriptedModule(manager, block);
            module.list(script.buffers());
            return module;
        } catch (EngineException e) {
            manager.close();
            throw new IOException("libtorch does not take it: " + e.getMessage(), e);
        }
    }

    /** Whether a block is a TorchScript module as DJL loads it. */
    public static boolean isOfDjl(Block block) {
        return block instanceof PtSymbolBlock;
    }

    /** Writes the archive of a module that {@linkplain #isOfDjl DJL loaded}. */
    public static void write(Block block, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            JniUtils.writeModule((PtSymbolBlock) block, out, false);
        }
    }

    private void list(Iterable<String> bufferNames) {
        NDList all = JniUtils.moduleGetParams(module, manager);
        long[] first = firstPlaces(all);
        for (int i = 0; i < first.length; i++) {
            NDArray parameter = all.get(i);
            if (first[i] == i) {
                parameters.put(parameter.getName(), parameter);
            } else {
                parameter.close();
            }
        }
        try (IValue answer = IValueUtils.runMethod(module, ScriptArchive.BUFFERS_METHOD)) {
            Iterator<NDArray> arrays = answer.toNDList(manager).iterator();
            for (String name : bufferNames) {
                NDArray buffer = arrays.next();
                buffer.setName(name);
                buffers.put(name, buffer);
            }
        }
    }

    /** A tied weight is listed at every place where it is used, each time as an array of its own. */
    private static long[] firstPlaces(NDList arrays) {
        if (arrays.isEmpty()) {
            return new long[0];
        }
        try (IValue list = IValue.listFrom(
                        arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
                IValue places = TensorKernels.get("first_places", list)) {
            return places.toLongArray();
        }
    }

    private void setMode(boolean training) {
        if (training) {
            JniUtils.enableTrainingMode(module);
        } else {
            JniUtils.enableInferenceMode(module);
        }
    }

    /** Its parameters under the names torch gives them; live, so that changes in place reach the module. */
    public Map<String, NDArray> parameters() {
        return parameters;
    }

    /** Its buffers, likewise. */
    public Map<String, NDArray> buffers() {
        return buffers;
    }

    /** Runs its {@code forward}. Gradients are recorded if they are on this thread, in either mode. */
    public NDList forward(NDList inputs, boolean training) {
        gate.enter(training);
        try {
            return GraphOptimizer.without(() -> IValueUtils.forward(module, inputs, true));
        } finally {
            gate.leave();
        }
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
