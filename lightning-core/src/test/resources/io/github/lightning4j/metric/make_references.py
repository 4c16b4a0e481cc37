"""Computes torchmetrics.json, beside this file: what torchmetrics gives for metrics of classification and regression.
Run it by hand with torchmetrics 1.9 installed."""

import json
import pathlib

import torch
import torchmetrics as tm
import torchmetrics.regression as reg
from torchmetrics.text import Perplexity

torch.manual_seed(11)
N, C, L = 37, 5, 3
mc_scores = (torch.randn(N, C) * 1.5).softmax(1)
mc_target = torch.randint(0, C - 1, (N,))  # the last class never occurs
mc_ignored = mc_target.clone()
mc_ignored[::5] = -1
b_scores = (torch.rand(N) * 20).round() / 20  # with ties
b_target = torch.randint(0, 2, (N,))
b_ignored = b_target.clone()
b_ignored[::4] = -1
ml_scores = torch.rand(N, L)
ml_target = torch.randint(0, 2, (N, L))
ml_ignored = ml_target.clone()
ml_ignored[::3, 1] = -1
mc_logits, b_logits, ml_logits = torch.randn(N, C) * 2, torch.randn(N) * 2, torch.randn(N, L) * 2
pos = torch.rand(N) * 3 + 0.2
pos_target = torch.rand(N) * 3 + 0.2
real_target = torch.randn(N)
real = real_target * 0.7 + torch.randn(N) * 0.5
rounded, rounded_target = (real * 2).round() / 2, (real_target * 2).round() / 2
wide_target = torch.randn(N, 3)
wide = wide_target + torch.randn(N, 3) * 0.6
ensemble = real_target[:, None] + torch.randn(N, 4)
tokens, tokens_target = torch.randn(N, 2, 6) * 2, torch.randint(0, 6, (N, 2))
tokens_ignored = tokens_target.clone()
tokens_ignored[::3, 1] = -100
DATA = {
    "ensemble": (ensemble, real_target),
    "tokens": (tokens, tokens_target), "tokens_ignored": (tokens, tokens_ignored),
    "multiclass": (mc_scores, mc_target), "multiclass_ignored": (mc_scores, mc_ignored),
    "binary": (b_scores, b_target), "binary_ignored": (b_scores, b_ignored),
    "multilabel": (ml_scores, ml_target), "multilabel_ignored": (ml_scores, ml_ignored),
    "multiclass_logits": (mc_logits, mc_target), "binary_logits": (b_logits, b_target),
    "multilabel_logits": (ml_logits, ml_target),
    "binary_positive": (b_scores, torch.ones(N).long()), "binary_negative": (b_scores, torch.zeros(N).long()),
    "binary_single": (b_scores[:1], torch.ones(1).long()), "multiclass_single": (mc_scores[:1], mc_target[:1]),
    "positive": (pos, pos_target), "real": (real, real_target), "ties": (rounded, rounded_target),
    "wide": (wide, wide_target), "shifted": (real_target + 1000, real_target),
    "constant": (real, torch.full((N,), 2.0)), "constant_predictions": (torch.full((N,), 2.0), real_target),
}
OPTIONS = {"topK": "top_k", "ignoreIndex": "ignore_index", "bins": "n_bins", "mode": "multiclass_mode"}
CURVES = ("PrecisionRecallCurve", "ROC")
cases = []


def numbers(value):
    if isinstance(value, torch.Tensor):
        return value.double().flatten().tolist()
    return [x for v in value for x in numbers(v)]


def add(metric, data, task, options, value):
    cases.append(dict(metric=metric, data=data, task=task, options=options, expected=numbers(value)))


def classify(metric, data, **options):
    task = data.split("_")[0]
    kwargs = {OPTIONS.get(k, k): v.lower() if isinstance(v, str) else v for k, v in options.items()}
    kwargs.pop("logits", None)  # torchmetrics guesses
    if "multiclass_mode" in kwargs:
        kwargs["multiclass_mode"] = kwargs["multiclass_mode"].replace("_", "-")
    if kwargs.get("normalize") in ("none",):
        kwargs["normalize"] = None
    if task == "multiclass":
        kwargs["num_classes"] = C
    if task == "multilabel":
        kwargs["num_labels"] = L
    made = getattr(tm.classification, task.capitalize() + metric)(validate_args=True, **kwargs)
    preds, target = DATA[data]
    made.update(preds, target)
    value = made.compute()
    if metric in CURVES:
        x, y, t = (value[1], value[0], value[2]) if metric == "PrecisionRecallCurve" else value
        if task != "binary":
            t = [t] * len(x) if isinstance(t, torch.Tensor) else t
            value = [part for line in zip(x, y, t) for part in line]
        else:
            value = (x, y, t)
    add(metric, data, task, options, value)


AVERAGED = ["Accuracy", "Precision", "Recall", "F1Score", "FBetaScore", "Specificity", "NegativePredictiveValue",
            "HammingDistance", "JaccardIndex", "StatScores"]
for metric in AVERAGED:
    own = {"beta": 2.0} if metric == "FBetaScore" else {}
    classify(metric, "binary", **own)
    classify(metric, "binary", threshold=0.3, **own)
    classify(metric, "binary_ignored", ignoreIndex=-1, **own)
    for average in ["MICRO", "MACRO", "WEIGHTED", "NONE"]:
        for task in ["multiclass", "multilabel"]:
            classify(metric, task, average=average, **own)
            classify(metric, task + "_ignored", average=average, ignoreIndex=-1, **own)
        classify(metric, "multiclass", average=average, ignoreIndex=1, **own)
        if metric != "JaccardIndex":
            classify(metric, "multiclass", average=average, topK=2, **own)
for normalize in ["NONE", "TRUE", "PRED", "ALL"]:
    for task in ["binary", "multiclass", "multilabel"]:
        classify("ConfusionMatrix", task, normalize=normalize)
for weights in ["NONE", "LINEAR", "QUADRATIC"]:
    for task in ["binary", "multiclass"]:
        classify("CohenKappa", task, weights=weights)
for task in ["binary", "multiclass", "multilabel"]:
    classify("MatthewsCorrCoef", task)
    classify("MatthewsCorrCoef", task + "_ignored", ignoreIndex=-1)
for task in ["binary", "multiclass", "multilabel"]:
    for metric in ["AUROC", "AveragePrecision"]:
        averages = ["MACRO", "WEIGHTED", "NONE"] + (["MICRO"] if task == "multilabel" else [])
        for own in [{}] if task == "binary" else [{"average": average} for average in averages]:
            classify(metric, task, **own)
            classify(metric, task, thresholds=11, **own)
            classify(metric, task + "_ignored", ignoreIndex=-1, **own)
            classify(metric, task + "_ignored", ignoreIndex=-1, thresholds=20, **own)
        classify(metric, task + "_logits", logits=True)
    for metric in CURVES:
        classify(metric, task)
        classify(metric, task, thresholds=7)
        classify(metric, task + "_ignored", ignoreIndex=-1)
        classify(metric, task + "_ignored", ignoreIndex=-1, thresholds=4)
for data in ["binary_positive", "binary_negative", "binary_single", "multiclass_single"]:
    for metric in ["AUROC", "AveragePrecision", "ROC", "PrecisionRecallCurve"]:
        classify(metric, data)
        classify(metric, data, thresholds=5)
for task in ["binary", "multiclass"]:
    for norm in ["L1", "L2", "MAX"]:
        classify("CalibrationError", task, norm=norm, bins=10)
        classify("CalibrationError", task, norm=norm)
    classify("CalibrationError", task + "_ignored", ignoreIndex=-1)
    classify("CalibrationError", task + "_logits", logits=True)
    classify("HingeLoss", task)
    classify("HingeLoss", task, squared=True)
    classify("HingeLoss", task + "_ignored", ignoreIndex=-1)
    classify("HingeLoss", task + "_logits", logits=True)
classify("HingeLoss", "multiclass", mode="ONE_VS_ALL")
classify("HingeLoss", "multiclass", mode="ONE_VS_ALL", squared=True)


def regress(metric, data, options, made):
    preds, target = DATA[data]
    made = made.set_dtype(torch.float64)
    made.update(preds.double(), target.double())
    add(metric, data, "create", options, made.compute())


for data in ["real", "ties", "positive", "wide"]:
    regress("MeanSquaredError", data, {}, reg.MeanSquaredError())
    regress("RootMeanSquaredError", data, {}, reg.MeanSquaredError(squared=False))
    regress("MeanAbsoluteError", data, {}, reg.MeanAbsoluteError())
    regress("SymmetricMeanAbsolutePercentageError", data, {}, reg.SymmetricMeanAbsolutePercentageError())
    regress("WeightedMeanAbsolutePercentageError", data, {}, reg.WeightedMeanAbsolutePercentageError())
    regress("MinkowskiDistance", data, {"p": 3.0}, reg.MinkowskiDistance(3.0))
    regress("MeanAbsolutePercentageError", data, {}, reg.MeanAbsolutePercentageError())
MOMENTS = ["R2Score", "ExplainedVariance", "PearsonCorrCoef", "ConcordanceCorrCoef"]
for data in ["real", "ties", "positive", "shifted", "constant", "constant_predictions"]:
    for metric in MOMENTS:
        regress(metric, data, {}, getattr(reg, metric)())
for metric in MOMENTS:
    outputs = {} if metric in ("R2Score", "ExplainedVariance") else {"num_outputs": 3}
    regress(metric, "wide", {"outputs": 3}, getattr(reg, metric)(**outputs))
for data in ["real", "ties", "positive"]:
    regress("SpearmanCorrCoef", data, {}, reg.SpearmanCorrCoef())
    regress("KendallRankCorrCoef", data, {}, reg.KendallRankCorrCoef())
    regress("LogCoshError", data, {}, reg.LogCoshError())
regress("MeanSquaredLogError", "positive", {}, reg.MeanSquaredLogError())
for power in [0.0, 1.0, 1.5, 2.0, 3.0]:
    regress("TweedieDevianceScore", "positive", {"power": power}, reg.TweedieDevianceScore(power))

for reduction in ["mean", "sum"]:
    preds, target = DATA["wide"]
    made = reg.CosineSimilarity(reduction=reduction)
    made.update(preds.double(), target.double())
    add("CosineSimilarity", "wide", reduction, {}, made.compute())
made = reg.ContinuousRankedProbabilityScore()
made.update(ensemble.double(), real_target.double())
add("ContinuousRankedProbabilityScore", "ensemble", "create", {}, made.compute())
for data, options in [("tokens", {}), ("tokens_ignored", {"ignoreIndex": -100})]:
    preds, target = DATA[data]
    made = Perplexity(ignore_index=options.get("ignoreIndex")).set_dtype(torch.float64)
    made.update(preds.double(), target)
    add("Perplexity", data, "create", options, made.compute())


data = {k: dict(shape=list(p.shape), target_shape=list(t.shape), predictions=p.double().flatten().tolist(), target=t.double().flatten().tolist())
        for k, (p, t) in DATA.items()}
path = pathlib.Path(__file__).with_name("torchmetrics.json")
path.write_text(json.dumps(dict(torchmetrics=tm.__version__, data=data, cases=cases)))
print(len(cases), "cases")
