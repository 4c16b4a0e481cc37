package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.AMSGRAD;
import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.MAXIMIZE;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.FusedKernels;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;

/** What {@link Adam} and {@link AdamW} share: everything but where the weight decay goes. */
final class AdamRule {
    private static final String AVERAGE = "exp_avg";
    private static final String SQUARES = "exp_avg_sq";
    private static final String MAXIMA = "max_exp_avg_sq";
    private static final List<String> MOMENTS = List.of(AVERAGE, SQUARES);
    private static final List<String> MOMENTS_AND_MAXIMA = List.of(AVERAGE, SQUARES, MAXIMA);

    private AdamRule() {}

    static List<String> tensorNames(ParamGroup group) {
        return group.get(AMSGRAD.key()) == 0 ? MOMENTS : MOMENTS_AND_MAXIMA;
    }

    static void update(ParamBucket bucket, boolean decoupled) {
        double lr = bucket.option(LR);
        double beta1 = bucket.option(BETA1);
        double beta2 = bucket.option(BETA2);
        double eps = bucket.option(EPS);
        double decay = bucket.option(WEIGHT_DECAY);
        boolean amsgrad = bucket.is(AMSGRAD);
        TensorList weights = bucket.weights();
        TensorList average = bucket.tensors(AVERAGE);
        TensorList squares = bucket.tensors(SQUARES);
        TensorList maxima = bucket.tensors(MAXIMA);
        if (bucket.fusable()) {
            FusedKernels.adam(
                    decoupled,
                    weights,
                    bucket.gradients(),
                    average,
                    squares,
                    maxima,
                    bucket.steps(),
                    amsgrad,
                    bucket.is(MAXIMIZE),
                    bucket.step(),
                    lr,
                    beta1,
                    beta2,
                    eps,
                    decay);
            return;
        }
        TensorList gradient = bucket.objective(decoupled ? 0 : decay);
        if (decoupled) {
            weights.muli(1 - lr * decay);
        }
        average.lerpi(gradient, 1 - beta1);
        squares.muli(beta2).addcmuli(gradient, gradient, 1 - beta2);
        if (amsgrad) {
            maxima.maximumi(squares);
        }
        double correction1 = 1 - Math.pow(beta1, bucket.step());
        double correction2 = 1 - Math.pow(beta2, bucket.step());
        try (TensorList divisor = (amsgrad ? maxima : squares).copy()) {
            divisor.sqrti().muli(1 / Math.sqrt(correction2)).addi(eps);
            weights.addcdivi(average, divisor, -lr / correction1);
        }
    }
}
