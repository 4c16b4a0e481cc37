package io.github.lightning4j;

/**
 * Computes a loss and its gradients once more, at the parameters' present values: for optimizers such as {@code
 * optim.LBFGS}, which look at several points before they choose a step. It zeroes the gradients, runs the forward pass and
 * backward, as the closure that torch's optimizers take.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/optim.html#optimizer-step-closure">torch.optim: closures</a>
 */
@FunctionalInterface
public interface Closure {
    /**
     * Evaluates the loss; the gradients are those of this evaluation afterwards. What else it makes is freed.
     *
     * @return the loss
     */
    double evaluate();
}
