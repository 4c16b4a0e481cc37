"""Makes backbone.pt, the TorchScript network of TorchScriptBlockTest, and torch's figures of it: run by hand with torch 2.x
in this folder."""

import json

import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 8)
        self.norm = nn.BatchNorm1d(8)

    def forward(self, x):
        return torch.relu(self.norm(self.linear(x)))


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.features = nn.Sequential(nn.Dropout(0.25), nn.Linear(8, 8), nn.Tanh())
        self.register_buffer("scale", torch.tensor(0.5))

    def forward(self, x):
        return self.features(self.stem(x)) * self.scale


def figures(model, x, mode):
    """The output and every gradient of its mean square, without the dropout that training draws."""
    model.train(mode)
    model.features[0].eval()
    model.zero_grad()
    output = model(x)
    output.square().mean().backward()
    return {
        "output": output.flatten().tolist(),
        "gradients": {name: p.grad.flatten().tolist() for name, p in model.named_parameters()},
    }


torch.manual_seed(0)
model = Backbone()
scripted = torch.jit.script(model)
scripted.save("backbone.pt")
torch.jit.freeze(torch.jit.script(model.eval())).save("frozen.pt")
tied = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4, bias=False))
tied[1].weight = tied[0].weight
torch.jit.script(tied).save("tied.pt")
torch.save(model.state_dict(), "state_dict.pt")
x = torch.linspace(-1, 1, 20).reshape(5, 4)
names = {
    "parameters": [name for name, _ in model.named_parameters()],
    "buffers": [name for name, _ in model.named_buffers()],
}
with open("torchscript.json", "w") as file:
    json.dump({"torch": torch.__version__, **names, "eval": figures(model, x, False)}, file)
