package io.github.lightning4j;

import static io.github.lightning4j.internal.random.SplitMix64.GOLDEN_GAMMA;
import static io.github.lightning4j.internal.random.SplitMix64.mix;

import java.security.SecureRandom;

/**
 * Every random choice of a run is a function of (seed, purpose, epoch, step) and of nothing drawn before, so a run that
 * is interrupted anywhere goes on with the same randomness.
 *
 * @param seed the user's seed, or the one drawn for the run; any long
 */
public record Seeds(long seed) {
    /** What the randomness is for. Each purpose has a stream of its own. */
    public enum Purpose {
        /** The order of the samples of an epoch. */
        SHUFFLE(1),
        /** Dropout and the like in a training step. */
        TRAIN_STEP(2),
        /** Randomness in evaluation and prediction steps. */
        EVALUATION_STEP(3),
        /** Augmentation of one sample. */
        AUGMENT(4),
        /** The split of a dataset into parts. */
        SPLIT(5),
        /** Generators of DJL that a dataset of the user's draws from. */
        DATASET(6),
        /** The run of one fold of a cross-validation. */
        FOLD(7),
        /** The run of one trial of a search, and what it tries. */
        TRIAL(8),
        /** The order of one of several loaders that are combined. */
        COMBINED(9),
        /** Dropout and the like in a step whose loss an optimizer evaluates several times. */
        CLOSURE(10);

        private final int stream;

        Purpose(int stream) {
            this.stream = stream;
        }
    }

    /**
     * A fresh seed, for a run whose user gave none.
     *
     * @return seeds that nobody can predict; small enough to be typed again
     */
    public static Seeds draw() {
        return new Seeds(Integer.toUnsignedLong(new SecureRandom().nextInt()));
    }

    /**
     * The seed of one purpose at one place of the run. The initial parameters are the exception: libtorch is seeded with
     * {@link #seed()} itself, as after {@code torch.manual_seed(seed)}.
     *
     * @param purpose what it is for
     * @param epoch the epoch, or 0
     * @param index the step, batch or sample, or 0
     * @return the mixed seed; equal arguments give equal seeds on every machine
     */
    public long of(Purpose purpose, long epoch, long index) {
        long mixed = mix(seed + GOLDEN_GAMMA * purpose.stream);
        mixed = mix(mixed + GOLDEN_GAMMA * (epoch + 1));
        return mix(mixed + GOLDEN_GAMMA * (index + 1));
    }
}
