package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A TorchScript module of methods written as text: the way from Java to every ATen operator that DJL does not bind. The
 * text is in the dialect that libtorch itself writes into its archives; the operators' schemas belong to the libtorch
 * version, so {@link #load} fails where they differ.
 *
 * <p>By {@link #run} methods run without autograd, in libtorch's inference mode, and may change their arguments in place.
 */
final class TorchScript {
    private static final String CLASS = "Kernels";
    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

    private final PtSymbolBlock module;

    private TorchScript(PtSymbolBlock module) {
        this.module = module;
    }

    /**
     * Compiles methods; they stay loaded for the life of the JVM.
     *
     * @param methods their definitions, indented by two spaces
     * @return the module
     * @throws EngineException if libtorch does not accept the text
     */
    static TorchScript load(String methods) {
        return MemoryScope.outside(() -> compile(methods));
    }

    private static TorchScript compile(String methods) {
        PtNDManager manager =
                (PtNDManager) Engine.getEngine(PtEngine.ENGINE_NAME).newBaseManager(Device.cpu());
        try {
            return new TorchScript(
                    JniUtils.loadModule(manager, new ByteArrayInputStream(archive(methods)), true, false));
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw new EngineException("libtorch did not accept the TorchScript methods\n" + methods, e);
        }
    }

    /**
     * Runs a method.
     *
     * @param method its name
     * @param arguments its arguments without {@code self}
     * @return its result, to be closed
     */
    IValue run(String method, IValue... arguments) {
        return IValueUtils.runMethod(module, method, arguments);
    }

    /**
     * Runs the method {@code forward} with a graph, if one is recorded on this thread.
     *
     * @param inputs its arguments without {@code self}
     * @return its results, on the manager of the first argument
     */
    NDList forward(NDList inputs) {
        return IValueUtils.forward(module, inputs, true);
    }

    /** The least that {@code torch::jit::load} takes: an uncompressed zip of one pickled object and its class's text. */
    private static byte[] archive(String methods) throws IOException {
        String source = "class " + CLASS + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + methods.replace("(self", "(self: __torch__." + CLASS);
        StoredZip zip = new StoredZip();
        zip.add("m/data.pkl", pickledModule());
        zip.add("m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
        zip.add("m/constants.pkl", EMPTY_TUPLE);
        zip.add("m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        return zip.finish();
    }

    /** An instance of the class with the one attribute {@code training = True}, in pickle protocol 2. */
    private static byte[] pickledModule() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x88, 'u', 'b', '.'});
        return pickle.toByteArray();
    }
}
