package io.github.lightning4j.data.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Seeds.Purpose;
import io.github.lightning4j.data.augment.SampleTransform;
import io.github.lightning4j.internal.random.SplitMix64;
import java.util.List;

/** Random changes to samples during one epoch, each a function of (seed, epoch, sample) alone. */
public record Augmentation(List<SampleTransform> transforms, Seeds seeds, long epoch) {
    /** Changes the first data array of a sample; it leaves the dataset's own memory alone. */
    NDList apply(NDList data, long sample) {
        if (transforms.isEmpty() || data.isEmpty()) {
            return data;
        }
        SplitMix64 random = new SplitMix64(seeds.of(Purpose.AUGMENT, epoch, sample));
        NDArray original = data.head();
        NDArray changed = original.duplicate();
        original.close();
        for (SampleTransform transform : transforms) {
            changed = transform.apply(changed, random);
        }
        NDList result = new NDList(data);
        result.set(0, changed);
        return result;
    }
}
