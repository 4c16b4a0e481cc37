/**
 * The contracts of Lightning4j: what users subclass or hold, and what they see of a run.
 *
 * <ul>
 *   <li>A module: {@link io.github.lightning4j.LightningModule}, with its hooks ({@link
 *       io.github.lightning4j.ModuleHooks}) and, below it, what makes it a block of DJL ({@link
 *       io.github.lightning4j.ModuleBlock}).
 *   <li>Data: {@link io.github.lightning4j.LightningDataModule}; {@link io.github.lightning4j.BatchSource} and its
 *       {@link io.github.lightning4j.BatchCursor}; {@link io.github.lightning4j.Seeds}, of which all randomness is a
 *       function.
 *   <li>Optimization: {@link io.github.lightning4j.OptimizerConfig} of {@link io.github.lightning4j.Optimizer}s and
 *       {@link io.github.lightning4j.SchedulerConfig}s; an optimizer's {@link io.github.lightning4j.ParamGroup}s and
 *       {@link io.github.lightning4j.Gradients}, {@link io.github.lightning4j.GradientClipAlgorithm}; {@link
 *       io.github.lightning4j.LrScheduler}.
 *   <li>Logging: {@link io.github.lightning4j.LogOptions} with {@link io.github.lightning4j.Reduction}, {@link
 *       io.github.lightning4j.Metric}, {@link io.github.lightning4j.Logger}.
 *   <li>Around a run: {@link io.github.lightning4j.Callback}, which sees the {@link io.github.lightning4j.Run}, its
 *       {@link io.github.lightning4j.Stage} and its {@link io.github.lightning4j.SavePoint}s.
 *   <li>State that a checkpoint keeps: {@link io.github.lightning4j.Stateful}, {@link
 *       io.github.lightning4j.StateWriter}, {@link io.github.lightning4j.StateReader}.
 *   <li>Settings that say what they count: {@link io.github.lightning4j.Every}, {@link io.github.lightning4j.Limit},
 *       {@link io.github.lightning4j.Mode}; {@link io.github.lightning4j.Require} checks ranges.
 *   <li>Exceptions: {@link io.github.lightning4j.LightningException} and its kinds {@link
 *       io.github.lightning4j.ConfigurationException}, {@link io.github.lightning4j.DataException} and {@link
 *       io.github.lightning4j.CheckpointException}.
 *   <li>For the framework, not for users: {@link io.github.lightning4j.ModuleHost} and {@link
 *       io.github.lightning4j.CallContext}, by which a module reaches the loop that runs it.
 * </ul>
 */
@NullMarked
package io.github.lightning4j;

import org.jspecify.annotations.NullMarked;
