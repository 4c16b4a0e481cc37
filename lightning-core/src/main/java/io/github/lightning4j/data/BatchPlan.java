package io.github.lightning4j.data;

import java.util.Iterator;

/** Which samples the batches of an epoch hold, decided without loading one. */
interface BatchPlan extends Iterator<Selection> {}
