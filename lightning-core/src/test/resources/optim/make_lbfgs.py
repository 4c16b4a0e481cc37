"""Computes torch-lbfgs.json, beside this file: what torch.optim.LBFGS does with a small network and with Rosenbrock's
function, evaluation by evaluation. Run it by hand with torch 2.13 installed."""

import json
import pathlib

import torch

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
FEATURES = torch.randn(24, 3)
TARGETS = torch.sin(FEATURES.sum(1, keepdim=True))
WEIGHTS = [torch.randn(5, 3), torch.randn(5), torch.randn(1, 5), torch.randn(1)]

SETTINGS = {
    "defaults": {},
    "few_iterations": dict(lr=0.5, max_iter=3),
    "short_history": dict(lr=0.3, max_iter=5, history_size=2),
    "strong_wolfe": dict(line_search_fn="strong_wolfe"),
    "strong_wolfe_few": dict(lr=2.0, max_iter=4, history_size=3, line_search_fn="strong_wolfe"),
    "strong_wolfe_far": dict(lr=50.0, max_iter=6, max_eval=30, line_search_fn="strong_wolfe"),
    "loose": dict(lr=0.5, tolerance_grad=0.05, tolerance_change=1e-3),
}


def network(parameters):
    first, bias, second, last = parameters
    hidden = torch.tanh(torch.nn.functional.linear(FEATURES, first, bias))
    return ((torch.nn.functional.linear(hidden, second, last) - TARGETS) ** 2).mean()


def rosenbrock(parameters):
    (x,) = parameters
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def course(function, start, settings, steps):
    parameters = [p.clone().requires_grad_() for p in start]
    optimizer = torch.optim.LBFGS(parameters, **settings)
    losses, evaluations = [], []
    for _ in range(steps):
        count = 0

        def closure():
            nonlocal count
            count += 1
            optimizer.zero_grad()
            loss = function(parameters)
            loss.backward()
            return loss

        losses.append(optimizer.step(closure).item())
        evaluations.append(count)
    return dict(
        settings=settings,
        losses=losses,
        evaluations=evaluations,
        end=[p.detach().flatten().tolist() for p in parameters],
    )


result = dict(
    features=FEATURES.flatten().tolist(),
    targets=TARGETS.flatten().tolist(),
    weights=[w.flatten().tolist() for w in WEIGHTS],
    network={name: course(network, WEIGHTS, settings, 3) for name, settings in SETTINGS.items()},
    rosenbrock={
        name: course(rosenbrock, [torch.tensor([-1.2, 1.0, 0.5, -0.7])], settings, 4)
        for name, settings in SETTINGS.items()
        if "wolfe" in name
    },
)
path = pathlib.Path(__file__).with_name("torch-lbfgs.json")
path.write_text(json.dumps(result, indent=1) + "\n")
