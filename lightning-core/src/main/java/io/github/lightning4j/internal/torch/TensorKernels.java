package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** The TorchScript methods over lists of tensors, compiled at first use. */
final class TensorKernels {
    private static final TorchScript SCRIPT = TorchScript.load("""
              def copy(self, a: List[Tensor]) -> List[Tensor]:
                return [torch.clone(t) for t in a]
              def set(self, a: List[Tensor], b: List[Tensor]) -> NoneType:
                torch._foreach_copy_(a, b)
              def zero(self, a: List[Tensor]) -> NoneType:
                torch._foreach_zero_(a)
              def add_scalar(self, a: List[Tensor], value: float) -> NoneType:
                torch._foreach_add_(a, value)
              def add(self, a: List[Tensor], b: List[Tensor], alpha: float) -> NoneType:
                torch._foreach_add_(a, b, alpha=alpha)
              def mul_scalar(self, a: List[Tensor], value: float) -> NoneType:
                torch._foreach_mul_(a, value)
              def mul(self, a: List[Tensor], b: List[Tensor]) -> NoneType:
                torch._foreach_mul_(a, b)
              def div(self, a: List[Tensor], b: List[Tensor]) -> NoneType:
                torch._foreach_div_(a, b)
              def addcmul(self, a: List[Tensor], b: List[Tensor], c: List[Tensor], value: float) -> NoneType:
                torch._foreach_addcmul_(a, b, c, value)
              def addcdiv(self, a: List[Tensor], b: List[Tensor], c: List[Tensor], value: float) -> NoneType:
                torch._foreach_addcdiv_(a, b, c, value)
              def lerp(self, a: List[Tensor], b: List[Tensor], weight: float) -> NoneType:
                torch._foreach_lerp_(a, b, weight)
              def maximum(self, a: List[Tensor], b: List[Tensor]) -> NoneType:
                torch._foreach_maximum_(a, b)
              def clamp(self, a: List[Tensor], low: float, high: float) -> NoneType:
                torch._foreach_clamp_min_(a, low)
                torch._foreach_clamp_max_(a, high)
              def sqrt(self, a: List[Tensor]) -> NoneType:
                torch._foreach_sqrt_(a)
              def abs(self, a: List[Tensor]) -> NoneType:
                torch._foreach_abs_(a)
              def sign(self, a: List[Tensor]) -> NoneType:
                torch._foreach_sign_(a)
              def norm(self, a: List[Tensor], p: float) -> float:
                return float(torch.linalg_vector_norm(torch.stack(torch._foreach_norm(a, p)), p))
              def has_grad(self, a: List[Tensor]) -> List[bool]:
                result = annotate(List[bool], [])
                for t in a:
                  torch.append(result, torch.numel(t.grad) != 0)
                return result
              def contiguous(self, a: List[Tensor]) -> bool:
                result = True
                for t in a:
                  result = result and torch.is_contiguous(t)
                return result
              def first_places(self, a: List[Tensor]) -> List[int]:
                result = annotate(List[int], [])
                for i in range(torch.len(a)):
                  place = i
                  for j in range(i):
                    if place == i and torch.is_set_to(a[j], a[i]):
                      place = j
                  torch.append(result, place)
                return result
              def heads(self, a: List[Tensor]) -> List[Tensor]:
                return [torch.slice(torch.view(torch.detach(t), [-1]), 0, 0, 0) for t in a]
              def sgd(self, w: List[Tensor], h: List[Tensor], g: List[Tensor], b: List[Tensor], o: List[float],
                      nesterov: bool, maximize: bool, first: bool) -> NoneType:
                torch._fused_sgd_(w, g, b, lr=o[0], momentum=o[1], dampening=o[2], weight_decay=o[3],
                                  nesterov=nesterov, maximize=maximize, is_first_step=first)
                torch._foreach_zero_(h)
              def adam(self, w: List[Tensor], h: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor],
                       x: List[Tensor], steps: List[Tensor], step: int, o: List[float], amsgrad: bool, maximize: bool) -> NoneType:
                torch.fill_(steps[0], step)
                torch._fused_adam_(w, g, m, v, x, steps, lr=o[0], beta1=o[1], beta2=o[2], eps=o[3],
                                   weight_decay=o[4], amsgrad=amsgrad, maximize=maximize)
                torch._foreach_zero_(h)
              def adamw(self, w: List[Tensor], h: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor],
                        x: List[Tensor], steps: List[Tensor], step: int, o: List[float], amsgrad: bool, maximize: bool) -> NoneType:
                torch.fill_(steps[0], step)
                torch._fused_adamw_(w, g, m, v, x, steps, lr=o[0], beta1=o[1], beta2=o[2], eps=o[3],
                                    weight_decay=o[4], amsgrad=amsgrad, maximize=maximize)
                torch._foreach_zero_(h)
            """);

    private TensorKernels() {}

    /**
     * Runs a method for its effect.
     *
     * @param method its name
     * @param arguments its arguments
     */
    static void run(String method, IValue... arguments) {
        SCRIPT.run(method, arguments).close();
    }

    /**
     * Runs a method for its result.
     *
     * @param method its name
     * @param arguments its arguments
     * @return the result, to be closed
     */
    static IValue get(String method, IValue... arguments) {
        return SCRIPT.run(method, arguments);
    }

    /**
     * Makes sure that the methods compile and compute.
     *
     * @throws EngineException if they do not
     */
    static void check() {
        MemoryScope.outside(() -> {
            try (NDManager manager = Engine.getEngine(PtEngine.ENGINE_NAME).newBaseManager(Device.cpu())) {
                NDArray three = manager.full(new Shape(1), 3, DataType.FLOAT64);
                NDArray four = manager.full(new Shape(1), 4, DataType.FLOAT64);
                TensorList list = new ScriptedTensorList(List.of((PtNDArray) three, (PtNDArray) four));
                try (list) {
                    double norm = list.norm(2);
                    if (Math.abs(norm - 5) > 1e-12) {
                        throw new EngineException("the norm of (3, 4) came out as " + norm);
                    }
                    return list;
                }
            }
        });
    }
}
