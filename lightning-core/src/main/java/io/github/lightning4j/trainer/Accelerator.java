package io.github.lightning4j.trainer;

/** What to run on. */
public enum Accelerator {
    /** A GPU if libtorch has one, else the CPU. */
    AUTO,
    /** The CPU. */
    CPU,
    /** A CUDA GPU. */
    GPU
}
