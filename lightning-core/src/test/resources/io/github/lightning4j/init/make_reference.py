"""Writes torch-init.json: what torch's layers start with, drawn one after the other after one manual_seed."""

import json
import pathlib

import torch

torch.manual_seed(7)
layers = {
    "linear": torch.nn.Linear(3, 2),
    "conv2d": torch.nn.Conv2d(2, 3, kernel_size=3),
    "conv1d": torch.nn.Conv1d(4, 2, kernel_size=2, bias=False),
    "lstm": torch.nn.LSTM(3, 4, num_layers=2, batch_first=True),
    "gru": torch.nn.GRU(2, 3, batch_first=True),
    "rnn": torch.nn.RNN(2, 3, batch_first=True),
    "embedding": torch.nn.Embedding(9, 4),
    "wide": torch.nn.Linear(20, 5),
}
figures = {
    name: {key: value.flatten().tolist() for key, value in layer.named_parameters()} for name, layer in layers.items()
}
document = {"torch": torch.__version__, "seed": 7, "layers": figures}
pathlib.Path(__file__).with_name("torch-init.json").write_text(json.dumps(document) + "\n")
