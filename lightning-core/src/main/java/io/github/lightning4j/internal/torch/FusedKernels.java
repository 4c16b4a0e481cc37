package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.pytorch.jni.IValue;

/**
 * libtorch's fused optimizer kernels: a whole update of all tensors in one native call and one pass over memory. They
 * read tensors as flat memory, so every list must be {@linkplain #supports supported}.
 *
 * <p>Autograd does not count what they change, so each also zeroes the empty {@linkplain ScriptedTensorList#heads heads} of
 * the weights: a backward through what was computed before the step is then refused by torch.
 */
public final class FusedKernels {
    private FusedKernels() {}

    /**
     * Whether the kernels can work on some lists.
     *
     * @param device where their tensors are
     * @param lists all lists of an update
     * @return true if they are scripted, on a CPU or CUDA, and all tensors contiguous
     */
    public static boolean supports(Device device, Iterable<TensorList> lists) {
        if (!device.isGpu() && !device.getDeviceType().equals(Device.Type.CPU)) {
            return false;
        }
        for (TensorList list : lists) {
            if (!(list instanceof ScriptedTensorList scripted) || !isContiguous(scripted)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isContiguous(ScriptedTensorList list) {
        try (IValue answer = TensorKernels.get("contiguous", list.value())) {
            return answer.toBoolean();
        }
    }

    /**
     * Stochastic gradient descent as torch's {@code SGD}.
     *
     * @param weights the parameters
     * @param gradients their gradients
     * @param buffers their momentum buffers; an empty list without momentum
     * @param nesterov whether to look ahead
     * @param maximize whether to ascend
     * @param first whether the buffers hold nothing yet
     * @param options lr, momentum, dampening, weight decay
     */
    public static void sgd(
            TensorList weights,
            TensorList gradients,
            TensorList buffers,
            boolean nesterov,
            boolean maximize,
            boolean first,
            double... options) {
        try (IValue numbers = IValue.listFrom(options);
                IValue ahead = IValue.from(nesterov);
                IValue ascend = IValue.from(maximize);
                IValue fresh = IValue.from(first)) {
            TensorKernels.run(
                    "sgd",
                    value(weights),
                    heads(weights),
                    value(gradients),
                    value(buffers),
                    numbers,
                    ahead,
                    ascend,
                    fresh);
        }
    }

    /**
     * An Adam step as torch's {@code Adam} and {@code AdamW}.
     *
     * @param decoupled whether weight decay is AdamW's
     * @param weights the parameters
     * @param gradients their gradients
     * @param average the first moments
     * @param squares the second moments
     * @param maxima the largest second moments; an empty list without amsgrad
     * @param steps for each parameter the same zero-dimensional float32 tensor on its device, overwritten here
     * @param amsgrad whether to use the maxima
     * @param maximize whether to ascend
     * @param step the number of this step, from 1
     * @param options lr, beta1, beta2, eps, weight decay
     */
    public static void adam(
            boolean decoupled,
            TensorList weights,
            TensorList gradients,
            TensorList average,
            TensorList squares,
            TensorList maxima,
            TensorList steps,
            boolean amsgrad,
            boolean maximize,
            long step,
            double... options) {
        try (IValue numbers = IValue.listFrom(options);
                IValue count = IValue.from(step);
                IValue max = IValue.from(amsgrad);
                IValue ascend = IValue.from(maximize)) {
            TensorKernels.run(
                    decoupled ? "adamw" : "adam",
                    value(weights),
                    heads(weights),
                    value(gradients),
                    value(average),
                    value(squares),
                    value(maxima),
                    value(steps),
                    count,
                    numbers,
                    max,
                    ascend);
        }
    }

    private static IValue heads(TensorList weights) {
        return ((ScriptedTensorList) weights).heads();
    }

    private static IValue value(TensorList list) {
        return ((ScriptedTensorList) list).value();
    }
}
