"""Writes torch-figures.json: values and gradients of torch's losses in float64, one case a setting."""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(23)
torch.set_default_dtype(torch.float64)
R = ("none", "mean", "sum")
cases = {}


def array(tensor):
    return {
        "shape": list(tensor.shape),
        "type": "INT64" if tensor.dtype == torch.int64 else "FLOAT64",
        "values": tensor.detach().flatten().tolist(),
    }


def case(name, function, *inputs, grads=1):
    """The first `grads` inputs get a gradient."""
    inputs = [t.clone().requires_grad_() if i < grads else t for i, t in enumerate(inputs)]
    value = function(*inputs)
    value.sum().backward()
    cases[name] = {
        "inputs": [array(t) for t in inputs],
        "output": array(value),
        "gradients": [array(t.grad) for t in inputs[:grads]],
    }


def signs(*shape):
    return torch.randint(0, 2, shape) * 2.0 - 1


def cross(name, logits, target, axis=1, **options):
    case(name, lambda x, t: F.cross_entropy(x.movedim(axis, 1), t, **options), logits, target)


weights = torch.tensor([0.1, 2.3, 1.25, 0.0])
labels = torch.tensor([3, 0, 2, 1, 2])
for r in R:
    cross(f"crossEntropy {r}", torch.randn(5, 4), labels, reduction=r)
    cross(f"crossEntropy weights {r}", torch.randn(5, 4), labels, weight=weights, reduction=r)
    cross(f"crossEntropy smoothing weights ignore {r}", torch.randn(5, 4), labels, weight=weights,
          label_smoothing=0.1, ignore_index=2, reduction=r)
    cross(f"crossEntropy images {r}", torch.randn(2, 4, 3, 2), torch.randint(0, 4, (2, 3, 2)), ignore_index=1, reduction=r)
    cross(f"crossEntropy sequence {r}", torch.randn(2, 3, 4), torch.tensor([[1, 0, -100], [3, -100, -100]]), -1, reduction=r)
    cross(f"crossEntropy probabilities {r}", torch.randn(5, 4), torch.rand(5, 4).softmax(1), weight=weights,
          label_smoothing=0.1, reduction=r)
    seq = torch.rand(2, 3, 4).softmax(-1)
    case(f"crossEntropy sequence probabilities {r}",
         lambda x, t: F.cross_entropy(x.movedim(-1, 1), t.movedim(-1, 1), reduction=r), torch.randn(2, 3, 4), seq)
    case(f"nll {r}", lambda x, t: F.nll_loss(x, t, weight=weights, ignore_index=0, reduction=r), torch.randn(5, 4), labels)
    case(f"nll sequence {r}", lambda x, t: F.nll_loss(x.movedim(2, 1), t, reduction=r), torch.randn(2, 3, 4),
         torch.randint(0, 4, (2, 3)))
    case(f"bce {r}", lambda x, t: F.binary_cross_entropy(x, t, reduction=r), torch.rand(4, 3) * 0.9 + 0.05, torch.rand(4, 3))
    case(f"bceWithLogits {r}", lambda x, t: F.binary_cross_entropy_with_logits(
        x, t, weight=torch.tensor([1.0, 0.3, 2.0]), pos_weight=torch.tensor([3.1, 1.0, 0.25]), reduction=r),
         torch.randn(4, 3) * 5, torch.rand(4, 3))
    case(f"bceWithLogits one posWeight {r}", lambda x, t: F.binary_cross_entropy_with_logits(
        x, t, pos_weight=torch.tensor([3.0]), reduction=r), torch.randn(6), torch.randint(0, 2, (6,)) * 1.0)

    def focal(x, t):
        p = torch.sigmoid(x)
        ce = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        loss = ce * (1 - (p * t + (1 - p) * (1 - t))) ** 2 * (0.25 * t + 0.75 * (1 - t))
        return {"none": loss, "mean": loss.mean(), "sum": loss.sum()}[r]

    case(f"focal {r}", focal, torch.randn(4, 3) * 2, torch.randint(0, 2, (4, 3)) * 1.0)
    case(f"l1 {r}", lambda x, t: F.l1_loss(x, t, reduction=r), torch.randn(4, 3), torch.randn(4, 3), grads=2)
    case(f"mse {r}", lambda x, t: F.mse_loss(x, t, reduction=r), torch.randn(4, 3), torch.randn(4, 3), grads=2)
    case(f"smoothL1 {r}", lambda x, t: F.smooth_l1_loss(x, t, beta=0.5, reduction=r), torch.randn(4, 3), torch.randn(4, 3))
    case(f"huber {r}", lambda x, t: F.huber_loss(x, t, delta=0.5, reduction=r), torch.randn(4, 3), torch.randn(4, 3))
    case(f"klDiv {r}", lambda x, t: F.kl_div(x, t, reduction=r), torch.randn(4, 3).log_softmax(1), torch.rand(4, 3).softmax(1))
    case(f"poissonNll {r}", lambda x, t: F.poisson_nll_loss(x, t, reduction=r), torch.randn(4, 3), torch.randint(0, 9, (4, 3)) * 1.0)
    case(f"gaussianNll {r}", lambda x, t, v: F.gaussian_nll_loss(x, t, v, reduction=r), torch.randn(4, 3), torch.randn(4, 3),
         torch.cat([torch.zeros(1, 3), torch.rand(3, 3)]), grads=3)
    case(f"gaussianNll column {r}", lambda x, t, v: F.gaussian_nll_loss(x, t, v, reduction=r), torch.randn(4, 3),
         torch.randn(4, 3), torch.rand(4, 1), grads=3)
    case(f"hingeEmbedding {r}", lambda x, t: F.hinge_embedding_loss(x, t, margin=0.75, reduction=r), torch.randn(4, 3), signs(4, 3))
    case(f"softMargin {r}", lambda x, t: F.soft_margin_loss(x, t, reduction=r), torch.randn(4, 3), signs(4, 3))
    case(f"multiMargin 1 {r}", lambda x, t: F.multi_margin_loss(x, t, margin=0.75, reduction=r), torch.randn(5, 4), labels)
    case(f"multiMargin 2 {r}", lambda x, t: F.multi_margin_loss(x, t, p=2, reduction=r), torch.randn(5, 4), labels)
    case(f"marginRanking {r}", lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=0.1, reduction=r), torch.randn(6),
         torch.randn(6), signs(6), grads=2)
    case(f"cosineEmbedding {r}", lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=0.2, reduction=r), torch.randn(6, 3),
         torch.randn(6, 3), signs(6), grads=2)
    case(f"tripletMargin {r}", lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=0.8, p=2, reduction=r), torch.randn(6, 3),
         torch.randn(6, 3), torch.randn(6, 3), grads=3)
    case(f"multiLabelMargin {r}", lambda x, t: F.multilabel_margin_loss(x, t, reduction=r), torch.randn(2, 4),
         torch.tensor([[3, 0, -1, 1], [2, -1, -1, -1]]))
    case(f"multiLabelSoftMargin {r}", lambda x, t: F.multilabel_soft_margin_loss(x, t, reduction=r), torch.randn(4, 3),
         torch.randint(0, 2, (4, 3)) * 1.0)
    case(f"ctc {r}", lambda x, t, i, l: F.ctc_loss(x, t, i, l, blank=1, reduction=r), torch.randn(7, 3, 4).log_softmax(-1),
         torch.tensor([[0, 2, 2], [3, 0, 0], [2, 3, 0]]), torch.tensor([7, 4, 6]), torch.tensor([3, 1, 2]))

case("klDiv batchmean", lambda x, t: F.kl_div(x, t, reduction="batchmean"), torch.randn(4, 3).log_softmax(1), torch.rand(4, 3).softmax(1))


def pinball(x, t):
    e = t.unsqueeze(-1) - x
    q = torch.tensor([0.1, 0.5, 0.9])
    return torch.where(e >= 0, q * e, (q - 1) * e).mean()


case("quantile", pinball, torch.randn(4, 2, 3), torch.randn(4, 2))
document = {"torch": torch.__version__, "cases": cases}
pathlib.Path(__file__).with_name("torch-figures.json").write_text(json.dumps(document) + "\n")
