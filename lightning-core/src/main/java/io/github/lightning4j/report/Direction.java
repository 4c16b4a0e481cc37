package io.github.lightning4j.report;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which values of a metric are good, as far as its name tells. */
enum Direction {
    LOWER,
    HIGHER,
    UNKNOWN;

    private static final Pattern LOW =
            words("loss|losses|error|err|mae|mse|rmse|mape|smape|wmape|msle|nll|bce|ce|perplexity|ppl|"
                    + "hinge|brier|crps|pinball|ece|distance|time|wer|cer");
    private static final Pattern HIGH = words(
            "acc|accuracy|precision|recall|f1|fbeta|auroc|auc|ap|map|aupr|r2|iou|jaccard|dice|"
                    + "kappa|mcc|mrr|ndcg|psnr|ssim|bleu|specificity|sensitivity|npv|throughput|per_second|pearson|spearman|kendall");

    static Direction of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (LOW.matcher(lower).matches()) {
            return LOWER;
        }
        return HIGH.matcher(lower).matches() ? HIGHER : UNKNOWN;
    }

    private static Pattern words(String words) {
        return Pattern.compile("(?:.*[^a-z])?(?:" + words + ")(?:[^a-z].*)?");
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
