"""Writes torch-functional.json: torch's functions in float64, their values and the gradients of their sum with fixed weights."""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
cases = {}
TYPES = {torch.int64: "INT64", torch.bool: "BOOLEAN", torch.float64: "FLOAT64"}


def array(tensor):
    return {
        "shape": list(tensor.shape),
        "type": TYPES[tensor.dtype],
        "values": [float(v) for v in tensor.detach().flatten().tolist()],
    }


def case(name, function, *inputs):
    leaves = [t.clone().requires_grad_() if t.is_floating_point() else t for t in inputs]
    value = function(*leaves)
    weights = torch.randn_like(value)
    (value * weights).sum().backward()
    cases[name] = {
        "inputs": [array(t) for t in inputs],
        "output": array(value),
        "weights": array(weights),
        "gradients": [array(t.grad) if t.is_floating_point() else None for t in leaves],
    }


wide = torch.tensor([-50.0, -3, -0.1, 0, 0.1, 3, 50])
case("gelu", F.gelu, wide)
case("geluTanh", lambda x: F.gelu(x, approximate="tanh"), wide)
case("silu", F.silu, wide)
case("softplus", F.softplus, wide)
case("matmul", torch.matmul, torch.randn(2, 3, 4), torch.randn(4, 2))
case("where", torch.where, torch.tensor([[True], [False]]), torch.randn(2, 3), torch.randn(3))
case("cumsum", lambda x: torch.cumsum(x, -1), torch.randn(2, 3))
case("gather", lambda x, i: torch.gather(x, 1, i), torch.randn(2, 3), torch.tensor([[2, 2], [0, 1]]))
case("scatterAdd", lambda x, i, v: torch.scatter_add(x, 1, i, v), torch.randn(2, 3), torch.tensor([[2, 2], [0, 1]]), torch.randn(2, 2))
q, k, v = torch.randn(2, 3, 4), torch.randn(2, 3, 4), torch.randn(2, 3, 2)
case("scaledDotProductAttention", F.scaled_dot_product_attention, q, k, v)
case("scaledDotProductAttention mask", F.scaled_dot_product_attention, q, k, v, torch.tensor([True, False, True]).expand(2, 3, 3))
case("causalAttention", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)
case("toType", lambda x: x.to(torch.float64), torch.randn(3))


def slope(x, inner, outer):
    return torch.autograd.grad((torch.tanh(x @ inner) @ outer).sum(), x, create_graph=True)[0]


x, inner, outer = torch.randn(4, 3), torch.randn(3, 5), torch.randn(5, 1)
case("grad", slope, x, inner, outer)
case("grad penalty", lambda *a: (slope(*a).norm(2, dim=1) - 1) ** 2, x, inner, outer)
document = {"torch": torch.__version__, "cases": cases}
pathlib.Path(__file__).with_name("torch-functional.json").write_text(json.dumps(document) + "\n")
