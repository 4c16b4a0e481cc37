/**
 * Drawings as SVG and PNG: {@link io.github.lightning4j.plot.LinePlot}, {@link io.github.lightning4j.plot.MatrixPlot},
 * {@link io.github.lightning4j.plot.HistogramPlot}, {@link io.github.lightning4j.plot.ImageGrid}. They need no screen.
 */
@NullMarked
package io.github.lightning4j.plot;

import org.jspecify.annotations.NullMarked;
