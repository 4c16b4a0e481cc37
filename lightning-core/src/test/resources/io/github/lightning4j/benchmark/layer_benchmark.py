"""The raw PyTorch loop of LayerBenchmark, on one thread: prints the lower quartile of a step in microseconds.

By hand: python layer_benchmark.py [steps]"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH = 32
steps = int(sys.argv[1]) if len(sys.argv) > 1 else 480
torch.set_num_threads(1)
torch.manual_seed(1)


def measure(name, layer, length, features, first=lambda out: out):
    count = 60
    x, y = torch.randn(count * BATCH, length, features), torch.randn(count * BATCH, length, 128)
    adam = torch.optim.Adam(layer.parameters(), lr=1e-3, fused=True)
    times = []
    for step in range(steps):
        start = time.perf_counter()
        rows = torch.arange(step % count * BATCH, (step % count + 1) * BATCH)
        adam.zero_grad(set_to_none=False)
        loss = functional.mse_loss(first(layer(x[rows])), y[rows])
        loss.backward()
        adam.step()
        loss.item()
        times.append(time.perf_counter() - start)
    times = sorted(times[steps // 3:])
    print(f"{name:20} PyTorch {times[len(times) // 4] * 1e6:9.1f} us")


measure("LSTM", nn.LSTM(16, 128, num_layers=2, batch_first=True), 32, 16, lambda out: out[0])
layer = nn.TransformerEncoderLayer(128, 4, dim_feedforward=512, batch_first=True)
measure("TransformerEncoder", nn.TransformerEncoder(layer, 4, enable_nested_tensor=False), 64, 128)
