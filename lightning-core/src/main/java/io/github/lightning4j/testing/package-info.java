/**
 * Kits that test what users write: callbacks, loggers, metrics, optimizers, and modules that have to resume exactly. A kit
 * gives named {@link io.github.lightning4j.testing.Check checks}, which a test framework runs one by one. What is not as it
 * should be is an {@link java.lang.AssertionError} that says what was expected and what was found.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> aCallbackOfOnesOwn() {
 *     return CallbackKit.checks(StopOnTarget::new).map(check -> dynamicTest(check.name(), check::run));
 * }
 * }</pre>
 *
 * <p>The checks train small modules in this process, on one thread of the CPU: they do not run beside another fit.
 */
@NullMarked
package io.github.lightning4j.testing;

import org.jspecify.annotations.NullMarked;
