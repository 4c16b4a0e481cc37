/**
 * How a pass over data works inside: a plan says which samples a batch holds, a reader how they are read, a cursor when; and
 * adapters make a source of what is no source.
 */
@NullMarked
package io.github.lightning4j.data.internal;

import org.jspecify.annotations.NullMarked;
