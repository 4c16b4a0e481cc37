package io.github.lightning4j.nn;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.ScriptedModule;
import io.github.lightning4j.internal.torch.TensorBytes;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that {@code torch.jit.script} or {@code torch.jit.trace} saved, as a layer that trains: its parameters and buffers
 * are listed under torch's names, trained, frozen, saved and resumed like those of any other layer, and every call runs in
 * the mode it asks for, whatever other threads do.
 *
 * <pre>{@code
 * private final TorchScriptBlock backbone = addChildBlock("backbone", TorchScriptBlock.load(Path.of("resnet18.pt")));
 * }</pre>
 *
 * <p>A module that {@code torch.jit.freeze} or {@code optimize_for_inference} went over has constants in place of
 * parameters, so it can be called, but not trained.
 *
 * <p>Source: <a href="https://docs.pytorch.org/docs/stable/jit.html">TorchScript</a>.
 */
public final class TorchScriptBlock extends AbstractBlock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TorchScriptBlock.class);
    private static final byte VERSION = 1;

    private final ScriptedModule module;

    private TorchScriptBlock(ScriptedModule module) {
        super(VERSION);
        this.module = module;
        module.parameters().forEach((name, array) -> addParameter(parameter(name, array, Parameter.Type.WEIGHT)));
        module.buffers().forEach((name, array) -> addParameter(parameter(name, array, Parameter.Type.RUNNING_MEAN)));
        if (module.parameters().isEmpty()) {
            LOG.warn(
                    "The TorchScript module has no parameters: what torch.jit.freeze has made constant cannot be trained");
        }
    }

    /** DJL never trains what has the type of a running mean, which is what a buffer of any kind asks for. */
    private static Parameter parameter(String name, NDArray array, Parameter.Type type) {
        boolean trains = type == Parameter.Type.WEIGHT && array.getDataType().isFloating();
        return Parameter.builder()
                .setName(name)
                .setType(type)
                .optArray(array)
                .optRequiresGrad(trains)
                .build();
    }

    /**
     * Loads a network on the CPU; a run on a GPU needs it there from the start.
     *
     * @param file what {@code module.save(file)} or {@code torch.jit.save} wrote, whose {@code forward} takes tensors
     * @return the layer
     * @throws ConfigurationException if the file is missing, or not such a network
     */
    public static TorchScriptBlock load(Path file) {
        return load(file, Device.cpu());
    }

    /**
     * Loads a network.
     *
     * @param file what {@code module.save(file)} or {@code torch.jit.save} wrote, whose {@code forward} takes tensors
     * @param device where its tensors are to be
     * @return the layer
     * @throws ConfigurationException if the file is missing, or not such a network
     */
    public static TorchScriptBlock load(Path file, Device device) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("There is no TorchScript file " + file
                    + ". Save one in Python: torch.jit.script(module).save(path).");
        }
        return open(file, device);
    }

    /**
     * Makes a copy that can be trained of a TorchScript network that DJL loaded, from its model zoo for instance.
     *
     * @param block the block of a DJL {@code Model}; it stays as it is
     * @return the layer, on the CPU
     * @throws ConfigurationException if the block is no TorchScript network
     */
    public static TorchScriptBlock of(Block block) {
        if (!ScriptedModule.isOfDjl(block)) {
            throw new ConfigurationException(ClassName.of(block)
                    + " is no TorchScript network; pass the block of a Model that DJL's PyTorch engine loaded from a .pt"
                    + " file.");
        }
        try {
            Path copy = Files.createTempFile("torchscript", ".pt");
            try {
                ScriptedModule.write(block, copy);
                return open(copy, Device.cpu());
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new LightningException("The TorchScript network could not be copied by way of a file: " + e + ".", e);
        }
    }

    private static TorchScriptBlock open(Path file, Device device) {
        TorchRuntime.load();
        try {
            return new TorchScriptBlock(ScriptedModule.load(file, device));
        } catch (IOException e) {
            throw new ConfigurationException(
                    file + " is no TorchScript network: " + e.getMessage()
                            + ". Save one in Python: torch.jit.script(module).save(path); torch.save files cannot be used.",
                    e);
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        return module.forward(inputs, training);
    }

    /**
     * The output shapes, found by calling the network in eval mode with zeros of float32.
     *
     * @param inputShapes the input shapes, batch dimension included
     * @return the output shapes
     */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        try (NDManager manager = NDManager.newBaseManager(device(), "PyTorch");
                GradMode off = GradMode.off()) {
            NDList inputs = new NDList();
            for (Shape shape : inputShapes) {
                inputs.add(manager.zeros(shape));
            }
            return module.forward(inputs, false).getShapes();
        }
    }

    private Device device() {
        return parameters.isEmpty()
                ? Device.cpu()
                : parameters.values().iterator().next().getArray().getDevice();
    }

    /** Reads the values into the network's own tensors. */
    @Override
    public void loadParameters(NDManager manager, DataInputStream is) throws IOException, MalformedModelException {
        loadMetadata(is.readByte(), is);
        try (NDManager read = manager.newSubManager()) {
            for (Parameter parameter : parameters.values()) {
                Parameter saved = Parameter.builder()
                        .setName(parameter.getName())
                        .setType(parameter.getType())
                        .build();
                saved.load(read, is);
                requireShape(parameter, saved.getArray());
                TensorBytes.copy(saved.getArray(), parameter.getArray());
            }
        }
    }

    private static void requireShape(Parameter parameter, NDArray saved) throws MalformedModelException {
        Shape shape = parameter.getArray().getShape();
        if (!saved.getShape().equals(shape)) {
            throw new MalformedModelException("The saved '" + parameter.getName() + "' has shape " + saved.getShape()
                    + ", but the network's has " + shape + ". Load it into the network it was saved from.");
        }
    }

    /** Frees the network. */
    @Override
    public void close() {
        module.close();
    }
}
