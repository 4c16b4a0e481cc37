package io.github.lightning4j;



/** Placeholder, replaced in the next commit. */
public abstract class LightningModule {}
