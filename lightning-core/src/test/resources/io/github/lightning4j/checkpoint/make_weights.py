"""Writes the weights of WeightsFileTest with torch 2.13, safetensors and onnx, and the outputs they give: run by hand in this
folder."""

import json

import torch
from safetensors.torch import save_file
from torch import nn


class Encoder(nn.Module):
    """Its products over (N, T, C) become matrices without a name in ONNX, those over (N, C) named ones."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 5)
        self.plain = nn.Linear(5, 4, bias=False)
        self.norm = nn.LayerNorm(4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.norm(torch.relu(self.plain(torch.tanh(self.dense(x))))).mean(1))


torch.manual_seed(0)
model = Encoder().eval()
state = model.state_dict()
save_file(state, "encoder.safetensors")
save_file({k: v for k, v in state.items() if "head" not in k}, "encoder-00001-of-00002.safetensors")
save_file({k: v for k, v in state.items() if "head" in k}, "encoder-00002-of-00002.safetensors")
index = {k: f"encoder-0000{2 if 'head' in k else 1}-of-00002.safetensors" for k in state}
with open("encoder.safetensors.index.json", "w") as file:
    json.dump({"metadata": {"total_size": 0}, "weight_map": index}, file)
x = torch.linspace(-1, 1, 2 * 3 * 3).reshape(2, 3, 3)
torch.onnx.export(model, (x,), "encoder.onnx", input_names=["x"], dynamo=False)
with open("encoder.json", "w") as file:
    json.dump({"output": model(x).flatten().tolist()}, file)
