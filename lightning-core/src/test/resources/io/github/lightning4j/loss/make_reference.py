"""Writes torch-loss.json: values and gradients of torch's losses on drawn and on extreme inputs."""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(11)


def case(function, prediction, target):
    prediction = prediction.clone().requires_grad_()
    loss = function(prediction, target)
    loss.backward()
    return {
        "prediction": prediction.flatten().tolist(),
        "shape": list(prediction.shape),
        "target": target.flatten().tolist(),
        "target_shape": list(target.shape),
        "loss": loss.item(),
        "gradient": prediction.grad.flatten().tolist(),
    }


cases = {
    "crossEntropy": [
        case(F.cross_entropy, torch.randn(5, 3), torch.tensor([0, 2, 1, 2, 0])),
        case(F.cross_entropy, torch.randn(2, 4, 3), torch.randint(0, 4, (2, 3))),
        case(F.cross_entropy, torch.randn(2, 3, 2, 2), torch.randint(0, 3, (2, 2, 2))),
        case(F.cross_entropy, torch.tensor([[1000.0, -1000.0], [-500.0, 500.0]]), torch.tensor([1, 1])),
    ],
    "l1": [
        case(F.l1_loss, torch.randn(4, 2), torch.randn(4, 2)),
        case(F.l1_loss, torch.tensor([1.0, 2.0, -3.0]), torch.tensor([1.0, 3.0, -4.0])),
    ],
    "mse": [case(F.mse_loss, torch.randn(4, 2), torch.randn(4, 2))],
    "bceWithLogits": [
        case(F.binary_cross_entropy_with_logits, torch.randn(6, 1), torch.tensor([[1.0], [0], [1], [0], [0], [1]])),
        case(F.binary_cross_entropy_with_logits, torch.randn(5), torch.rand(5)),
        case(
            F.binary_cross_entropy_with_logits,
            torch.tensor([0.0, 0, 100, 100, -100, -100, 30, -30]),
            torch.tensor([0.0, 1, 0, 1, 0, 1, 0.25, 0.25]),
        ),
    ],
}
document = {"torch": torch.__version__, "cases": cases}
pathlib.Path(__file__).with_name("torch-loss.json").write_text(json.dumps(document) + "\n")
