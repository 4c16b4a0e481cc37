package io.github.lightning4j.data.internal;

import java.util.Iterator;

/** Which samples the batches of an epoch hold, decided without loading one. */
public interface BatchPlan extends Iterator<Selection> {}
