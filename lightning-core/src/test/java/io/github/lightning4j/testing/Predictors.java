package io.github.lightning4j.testing;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.translate.NoopTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that predict with DJL's Predictor over one block, again and again until stopped. */
public final class Predictors implements AutoCloseable {
    private final Model model = Model.newInstance("live", "PyTorch");
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean stopped;
    private volatile Throwable failure;

    public Predictors(Block block) {
        model.setBlock(block);
    }

    /** Starts threads and waits until each has predicted or one has failed. */
    public void start(int number) {
        for (int i = 0; i < number; i++) {
            Thread thread = new Thread(this::predict, "predictor-" + i);
            threads.add(thread);
            thread.start();
        }
        while (count.get() < number && failure == null) {
            Thread.onSpinWait();
        }
    }

    private void predict() {
        try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray input = manager.ones(new Shape(3, TestData.FEATURES));
            while (!stopped) {
                predictor.predict(new NDList(input)).close();
                count.incrementAndGet();
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** How many predictions were made. */
    public int count() {
        return count.get();
    }

    /** Ends the threads, and fails as the first of them failed. */
    public void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
        if (failure != null) {
            throw new AssertionError("a predictor failed", failure);
        }
    }

    /** Stops and lets go of the block, which closing the model would otherwise clear. */
    @Override
    public void close() {
        stop();
        model.setBlock(null);
        model.close();
    }
}
