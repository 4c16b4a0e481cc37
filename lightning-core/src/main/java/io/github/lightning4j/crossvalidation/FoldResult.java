package io.github.lightning4j.crossvalidation;

import io.github.lightning4j.trainer.FitResult;
import java.util.Map;

/**
 * What came out of one fold.
 *
 * @param index which fold, from 0
 * @param metrics what the module logged when it validated the samples held out, after its fit
 * @param fit the record of the fit: its seed, its directory, its checkpoint
 */
public record FoldResult(int index, Map<String, Double> metrics, FitResult fit) {}
