"""Writes torch-nn-init.json: what the functions of torch.nn.init draw, in float32 and float64, each after manual_seed(5)."""

import json
import pathlib

import torch
from torch.nn import init

LINEAR, TALL, CONV = (4, 6), (6, 4), (4, 2, 3, 3)
cases = {}


def case(name, shape, fill):
    figure = {"shape": list(shape)}
    for dtype in (torch.float32, torch.float64):
        torch.manual_seed(5)
        figure[str(dtype)[6:].upper()] = fill(torch.empty(shape, dtype=dtype)).flatten().tolist()
    cases[name] = figure


case("constant", LINEAR, lambda x: init.constant_(x, 0.1))
case("zeros", LINEAR, init.zeros_)
case("ones", LINEAR, init.ones_)
case("uniform", LINEAR, lambda x: init.uniform_(x, -0.3, 0.7))
case("normal", CONV, lambda x: init.normal_(x, 0.1, 0.02))
case("normal small", (3,), lambda x: init.normal_(x, 0.1, 0.02))
case("truncated", LINEAR, lambda x: init.trunc_normal_(x, std=0.02))
case("truncated often", CONV, lambda x: init.trunc_normal_(x, mean=0.2, std=1.0, a=-0.7, b=0.9))
case("truncated tail", LINEAR, lambda x: init.trunc_normal_(x, mean=0.0, std=1.0, a=1.0, b=3.0))
case("xavier uniform", CONV, init.xavier_uniform_)
case("xavier normal tanh", LINEAR, lambda x: init.xavier_normal_(x, init.calculate_gain("tanh")))
case("kaiming uniform", CONV, init.kaiming_uniform_)
case("kaiming uniform leaky", CONV, lambda x: init.kaiming_uniform_(x, a=5 ** 0.5))
case("kaiming normal out relu", CONV, lambda x: init.kaiming_normal_(x, mode="fan_out", nonlinearity="relu"))
case("kaiming normal selu", LINEAR, lambda x: init.kaiming_normal_(x, nonlinearity="selu"))
case("orthogonal", LINEAR, init.orthogonal_)
case("orthogonal tall", TALL, lambda x: init.orthogonal_(x, gain=1.5))
case("orthogonal conv", CONV, init.orthogonal_)
case("eye", LINEAR, init.eye_)
case("dirac", CONV, init.dirac_)
case("dirac groups", (4, 3, 4), lambda x: init.dirac_(x, groups=2))
document = {"torch": torch.__version__, "seed": 5, "cases": cases}
pathlib.Path(__file__).with_name("torch-nn-init.json").write_text(json.dumps(document) + "\n")
