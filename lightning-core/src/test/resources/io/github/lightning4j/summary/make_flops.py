"""Writes flops.csv: the operations of one forward call of torch's layers, by torch.utils.flop_counter; then parameters."""

import pathlib

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

torch.backends.mkldnn.enabled = False  # its recurrent layers are not counted
rows = ["layer,flops,parameters"]


def case(name, layer, *inputs):
    layer.train()
    counter = FlopCounterMode(display=False)
    with sdpa_kernel(SDPBackend.MATH), counter:  # the fused kernel of the CPU is not counted
        layer(*inputs)
    rows.append(f"{name},{counter.get_total_flops()},{sum(p.numel() for p in layer.parameters())}")


def attention(layer):
    class Self(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, query, key):
            return self.layer(query, key, key)

    return Self()


x = torch.randn
case("linear", nn.Linear(20, 30), x(8, 20))
case("linear without bias", nn.Linear(20, 30, bias=False), x(8, 5, 20))
case("conv1d", nn.Conv1d(3, 8, 5, stride=2), x(4, 3, 40))
case("conv2d", nn.Conv2d(3, 16, 3, padding=1), x(4, 3, 12, 10))
case("conv2d in groups", nn.Conv2d(8, 16, 3, groups=4), x(4, 8, 12, 10))
case("conv2d with a stride", nn.Conv2d(8, 16, 3, stride=2, dilation=2), x(2, 8, 21, 21))
case("conv3d", nn.Conv3d(2, 4, 3), x(2, 2, 7, 8, 9))
case("transposed conv1d", nn.ConvTranspose1d(4, 6, 5, stride=2, padding=1), x(3, 4, 11))
case("transposed conv2d", nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1), x(3, 4, 7, 9))
case("rnn", nn.RNN(5, 7, batch_first=True), x(3, 6, 5))
case("lstm", nn.LSTM(5, 7, batch_first=True), x(3, 6, 5))
case("lstm of two layers and directions", nn.LSTM(5, 7, 2, batch_first=True, bidirectional=True), x(3, 6, 5))
case("gru", nn.GRU(5, 7, 2, batch_first=True), x(3, 6, 5))
case("attention", attention(nn.MultiheadAttention(16, 4, batch_first=True)), *[x(3, 6, 16)] * 2)
case("cross attention", attention(nn.MultiheadAttention(16, 4, batch_first=True)), x(3, 6, 16), x(3, 9, 16))
encoder = nn.TransformerEncoderLayer(16, 4, 40, 0.0, batch_first=True)
case("encoder", nn.TransformerEncoder(encoder, 2), x(3, 6, 16))
decoder = nn.TransformerDecoderLayer(16, 4, 40, 0.0, batch_first=True)
case("decoder", nn.TransformerDecoder(decoder, 2), x(3, 6, 16), x(3, 9, 16))
case("embedding", nn.Embedding(50, 8), torch.zeros(3, 4, dtype=torch.int64))
case("batch norm", nn.BatchNorm2d(8), x(4, 8, 5, 5))
case("layer norm", nn.LayerNorm(8), x(4, 8))
case("prelu", nn.PReLU(), x(4, 8))
case(
    "net",
    nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(6 * 12 * 12, 10)),
    x(64, 1, 28, 28),
)
pathlib.Path(__file__).with_name("flops.csv").write_text("\n".join(rows) + "\n")
