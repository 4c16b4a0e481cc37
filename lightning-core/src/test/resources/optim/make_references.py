"""Computes more-torch-optim.json, beside this file: what torch's optimizers and schedules do with settings that
torch-optim.json leaves out, and what Lion does by its authors' formula. Run it by hand with torch 2.13 installed."""

import json
import pathlib

import torch
from torch.optim import lr_scheduler

STEPS, HALVED = 12, 7
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
PARAMS = [torch.randn(4, 3), torch.randn(2, 2, 2), torch.randn(5), torch.randn(())]
GRADS = [[torch.randn_like(p) for p in PARAMS] for _ in range(STEPS)]


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                g = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * g
                p.sub_(group["lr"] * (torch.sign(c) + group["weight_decay"] * p))
                m.mul_(beta2).add_(g, alpha=1 - beta2)


OPTIMIZERS = {
    "sgd_maximize": ("SGD", dict(lr=0.1, momentum=0.8, weight_decay=0.05, maximize=True)),
    "sgd_defaults": ("SGD", dict()),
    "sgd_nesterov_maximize": ("SGD", dict(lr=0.02, momentum=0.7, nesterov=True, maximize=True)),
    "adam_defaults": ("Adam", dict()),
    "adam_maximize_wd_amsgrad": ("Adam", dict(lr=0.03, weight_decay=0.2, amsgrad=True, maximize=True)),
    "adamw_defaults": ("AdamW", dict()),
    "adamw_amsgrad_maximize": ("AdamW", dict(lr=0.02, betas=[0.8, 0.95], eps=1e-3, amsgrad=True, maximize=True)),
    "nadam_defaults": ("NAdam", dict()),
    "nadam_maximize_wd": ("NAdam", dict(lr=0.01, weight_decay=0.1, momentum_decay=0.01, maximize=True)),
    "nadam_decoupled": ("NAdam", dict(lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)),
    "radam_defaults": ("RAdam", dict()),
    "radam_short_memory": ("RAdam", dict(lr=0.02, betas=[0.9, 0.9], weight_decay=0.05)),
    "radam_decoupled_maximize": (
        "RAdam",
        dict(lr=0.02, weight_decay=0.05, decoupled_weight_decay=True, maximize=True),
    ),
    "adamax_defaults": ("Adamax", dict()),
    "adamax_maximize": ("Adamax", dict(lr=0.05, betas=[0.7, 0.9], eps=1e-2, maximize=True)),
    "rmsprop_defaults": ("RMSprop", dict()),
    "rmsprop_maximize": ("RMSprop", dict(lr=0.005, alpha=0.95, momentum=0.9, maximize=True)),
    "rmsprop_centered": ("RMSprop", dict(lr=0.005, alpha=0.5, centered=True, eps=1e-4)),
    "adagrad_defaults": ("Adagrad", dict()),
    "adagrad_maximize": ("Adagrad", dict(lr=0.2, weight_decay=0.1, maximize=True)),
    "adadelta_defaults": ("Adadelta", dict()),
    "adadelta_maximize_wd": ("Adadelta", dict(lr=0.5, rho=0.8, weight_decay=0.1, maximize=True)),
    "lion_defaults": ("Lion", dict()),
    "lion_wd": ("Lion", dict(lr=0.01, betas=[0.8, 0.9], weight_decay=0.3)),
    "lion_maximize": ("Lion", dict(lr=0.02, maximize=True)),
}

LAMBDAS = {"0.95 ** epoch": lambda epoch: 0.95**epoch, "0.9 if epoch % 3 == 0 else 1.05": lambda epoch: 0.9 if epoch % 3 == 0 else 1.05}

SCHEDULERS = {
    "MultiplicativeLR": dict(lr_lambda="0.9 if epoch % 3 == 0 else 1.05"),
    "LambdaLR": dict(lr_lambda="0.95 ** epoch"),
    "StepLR": dict(step_size=3),
    "MultiStepLR": dict(milestones=[2, 2, 9, 30]),
    "ConstantLR": dict(),
    "LinearLR": dict(),
    "LinearLR_down": dict(start_factor=1.0, end_factor=0.2, total_iters=17),
    "PolynomialLR": dict(),
    "CosineAnnealingLR": dict(T_max=7),
    "CosineAnnealingWarmRestarts": dict(T_0=4, T_mult=3, eta_min=0.01),
    "CosineAnnealingWarmRestarts_even": dict(T_0=6),
    "CyclicLR_triangular": dict(base_lr=0.02, max_lr=0.3, step_size_up=4, step_size_down=9, base_momentum=0.6, max_momentum=0.95),
    "CyclicLR_exp_range": dict(base_lr=0.02, max_lr=0.3, step_size_up=6, mode="exp_range", gamma=0.97, cycle_momentum=False),
    "OneCycleLR": dict(max_lr=0.4, total_steps=39, pct_start=0.4, base_momentum=0.7, max_momentum=0.9),
    "OneCycleLR_three_phase_cos": dict(
        max_lr=0.4, total_steps=45, pct_start=0.25, three_phase=True, div_factor=10.0, final_div_factor=50.0
    ),
    "OneCycleLR_steep": dict(max_lr=0.4, total_steps=40, pct_start=0.0, cycle_momentum=False),
    "ReduceLROnPlateau_max_abs": dict(mode="max", threshold=0.02, threshold_mode="abs", patience=1, cooldown=2),
    "ReduceLROnPlateau_defaults": dict(),
    "ReduceLROnPlateau_min_abs": dict(threshold=0.05, threshold_mode="abs", patience=0, factor=0.7, min_lr=0.02),
    "ReduceLROnPlateau_max_rel": dict(mode="max", threshold=0.3, patience=3, factor=0.3, eps=0.005),
    "SequentialLR_three": dict(schedulers=["ConstantLR(0.5,4)", "ExponentialLR(0.9)", "StepLR(3,0.5)"], milestones=[4, 20]),
    "SequentialLR_polynomial_restarts": dict(schedulers=["PolynomialLR(8,2.0)", "CosineAnnealingWarmRestarts(5)"], milestones=[8]),
    "ChainedScheduler": dict(schedulers=["ConstantLR(0.1,2)", "ExponentialLR(0.9)"]),
    "ChainedScheduler_cosine": dict(schedulers=["CosineAnnealingLR(10)", "StepLR(4,0.5)", "LinearLR(0.2,1.0,6)"]),
}


def numbers(value):
    return value.tolist()


def trajectory(name, arguments):
    params = [p.clone().requires_grad_(True) for p in PARAMS]
    make = Lion if name == "Lion" else getattr(torch.optim, name)
    optimizer = make(params, **{k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()})
    result = []
    for step in range(STEPS):
        if step == HALVED:
            for group in optimizer.param_groups:
                group["lr"] /= 2
        for p, g in zip(params, GRADS[step]):
            p.grad = g.clone()
        optimizer.step()
        result.append([numbers(p.detach()) for p in params])
    return {"class": name, "args": arguments, "lr_halved_before_step": HALVED, "trajectory": result}


def schedule(name, arguments):
    """Two groups, the second with half the rate of the first; rates and momenta of both at every step."""
    params = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    optimizer = torch.optim.SGD([{"params": params[0]}, {"params": params[1], "lr": 0.05}], lr=0.1, momentum=0.5)
    kind = name.split("_")[0]
    make = getattr(lr_scheduler, kind)
    known = dict(arguments)
    if "lr_lambda" in known:
        known["lr_lambda"] = LAMBDAS[known["lr_lambda"]]
    if "schedulers" in known:
        names = {"lr_scheduler": lr_scheduler, "optimizer": optimizer}
        parts = [eval("lr_scheduler." + text.replace("(", "(optimizer,", 1), names) for text in known.pop("schedulers")]
        scheduler = make(parts) if kind == "ChainedScheduler" else make(optimizer, parts, **known)
    else:
        scheduler = make(optimizer, **known)
    lrs, momenta = [], []
    for step in range(40):
        lrs.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([group["momentum"] for group in optimizer.param_groups])
        optimizer.step()
        if step < 39:
            scheduler.step(METRIC[step]) if kind == "ReduceLROnPlateau" else scheduler.step()
    return {"args": arguments, "lrs": lrs, "momenta": momenta}


METRIC = [float(x) for x in (torch.randn(40) * 0.05 + torch.linspace(1, 0.3, 40).sqrt())]

reference = {
    "torch": torch.__version__,
    "dtype": "float64",
    "params": [numbers(p) for p in PARAMS],
    "grads": [[numbers(g) for g in step] for step in GRADS],
    "plateau_metric": METRIC,
    "optimizers": {key: trajectory(*value) for key, value in OPTIMIZERS.items()},
    "schedulers": {key: schedule(key, value) for key, value in SCHEDULERS.items()},
}
path = pathlib.Path(__file__).with_name("more-torch-optim.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
