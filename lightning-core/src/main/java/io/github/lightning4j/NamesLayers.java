package io.github.lightning4j;

/** A block whose children were all named by a person, where blocks of others may have names that DJL made up. */
public interface NamesLayers {}
