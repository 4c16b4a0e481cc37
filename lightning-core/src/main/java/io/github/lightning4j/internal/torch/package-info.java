/** The only room that knows DJL's traps: memory scopes, gradients, seeding, native calls. */
@NullMarked
package io.github.lightning4j.internal.torch;

import org.jspecify.annotations.NullMarked;
