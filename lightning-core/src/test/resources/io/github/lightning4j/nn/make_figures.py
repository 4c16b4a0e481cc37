"""Writes torch-layers.json: torch's layers in float64, with their outputs and gradients, and what they start with in float32
after torch.manual_seed(7)."""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

cases = {}
TYPES = {torch.int64: "INT64", torch.bool: "BOOLEAN", torch.float64: "FLOAT64"}


def array(tensor):
    return {
        "shape": list(tensor.shape),
        "type": TYPES[tensor.dtype],
        "values": [float(v) for v in tensor.detach().flatten().tolist()],
    }


def randomize(module):
    for value in module.parameters():
        value.data = torch.randn_like(value) * 0.5


def case(name, make, *inputs, run=None, init=True):
    """The loss is the sum over all outputs times fixed weights."""
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(7)
    initial = {key: value.detach().flatten().tolist() for key, value in make().state_dict().items()} if init else None
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(sum(map(ord, name)))
    module = make()
    randomize(module)
    inputs = [t() for t in inputs]
    leaves = [t.clone().requires_grad_() if t.is_floating_point() else t for t in inputs]
    before = {key: array(value) for key, value in module.named_buffers()}
    outputs = run(module, *leaves) if run else module(*leaves)
    outputs = [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)
    weights = [torch.randn_like(o) for o in outputs]
    sum((o * w).sum() for o, w in zip(outputs, weights)).backward()
    cases[name] = {
        "initial": initial,
        "parameters": {key: array(value) for key, value in module.named_parameters()},
        "inputs": [array(t) for t in inputs],
        "outputs": [array(o) for o in outputs],
        "weights": [array(w) for w in weights],
        "inputGradients": [None if t.grad is None else array(t.grad) for t in leaves],
        "parameterGradients": {key: array(value.grad) for key, value in module.named_parameters()},
    }
    if before:
        cases[name]["parameters"].update(before)
        cases[name]["buffersAfter"] = {key: array(value) for key, value in module.named_buffers()}


def real(*shape):
    return lambda: torch.randn(shape)


def whole(high, *shape):
    return lambda: torch.randint(0, high, shape)


def given(tensor):
    return lambda: tensor


case("Embedding", lambda: nn.Embedding(5, 3), whole(5, 2, 4))
case("Embedding padding", lambda: nn.Embedding(5, 3, padding_idx=2), given(torch.tensor([[2, 0, 2], [4, 2, 1]])))
case("LayerNorm", lambda: nn.LayerNorm(4), real(2, 3, 4))
case("LayerNorm two axes", lambda: nn.LayerNorm([3, 4], eps=1e-3), real(2, 3, 4))
case("RMSNorm", lambda: nn.RMSNorm(4, eps=1e-6), real(2, 3, 4))
case("GroupNorm", lambda: nn.GroupNorm(2, 4), real(2, 4, 3))
case("GroupNorm images", lambda: nn.GroupNorm(4, 4, eps=1e-3), real(2, 4, 3, 2))
case("PReLU", lambda: nn.PReLU(), real(2, 3))
case("PReLU channels", lambda: nn.PReLU(3), real(2, 3, 4))


def padded(name):
    def run(module, x, *start):
        start = [tuple(start) if name == "LSTM" else start[0]] if start else []
        out, end = module(x, *start)
        return (out, *end) if name == "LSTM" else (out, end)

    return run


def packed(name):
    def run(module, x, *rest):
        *start, lengths = rest
        start = [tuple(start) if name == "LSTM" else start[0]] if start else []
        out, end = module(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False), *start)
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=x.size(1))
        return (out, *end) if name == "LSTM" else (out, end)

    return run


lengths = given(torch.tensor([2, 4, 1]))
for name in ("LSTM", "GRU", "RNN"):
    layer = getattr(nn, name)
    count = 2 if name == "LSTM" else 1
    case(name, lambda: layer(2, 3, batch_first=True), real(3, 4, 2), run=padded(name))
    case(f"{name} states", lambda: layer(2, 3, batch_first=True), real(3, 4, 2), *[real(1, 3, 3)] * count, run=padded(name))
    both = lambda: layer(2, 3, num_layers=2, bidirectional=True, batch_first=True)
    case(f"{name} deep", both, real(3, 4, 2), run=padded(name))
    case(f"{name} lengths", both, real(3, 4, 2), lengths, run=packed(name))
    case(f"{name} states lengths", both, real(3, 4, 2), *[real(4, 3, 3)] * count, lengths, run=packed(name))

padding = given(torch.tensor([[False, False, True, True], [False, True, False, False]]))
future = torch.ones(4, 4).triu(1).bool()


def attend(module, x, *rest):
    key, value, *pad = (x, x, *rest) if len(rest) < 2 else rest
    return module(x, key, value, key_padding_mask=pad[0] if pad else None, need_weights=False)[0]


def attend_causally(module, x, *pad):
    return module(x, x, x, key_padding_mask=pad[0] if pad else None, attn_mask=future, need_weights=False)[0]


attention = lambda: nn.MultiheadAttention(6, 2, batch_first=True)
case("Linear", lambda: nn.Linear(3, 2), real(2, 4, 3))
case("MultiheadAttention", attention, real(2, 4, 6), run=attend)
case("MultiheadAttention padding", attention, real(2, 4, 6), padding, run=attend)
case("MultiheadAttention cross", attention, real(2, 3, 6), real(2, 4, 6), real(2, 4, 6), run=attend)
case("MultiheadAttention cross padding", attention, real(2, 3, 6), real(2, 4, 6), real(2, 4, 6), padding, run=attend)
case("MultiheadAttention causal", attention, real(2, 4, 6), run=attend_causally)
case("MultiheadAttention causal padding", attention, real(2, 4, 6), padding, run=attend_causally)


hidden = torch.tensor([[0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 1], [0, 1, 1, 0]]).bool()
per_head = torch.stack([hidden, hidden.flip(0), hidden.flip(1), hidden.flip(0, 1)])
light = given(torch.tensor([[False, False, False, False], [False, False, False, True]]))


def flat(mask):
    """A mask for all samples and heads has a first axis of 1 here."""
    return None if mask is None or mask.numel() == 0 else mask[0] if mask.size(0) == 1 else mask


def attend_masked(module, x, *rest):
    *rest, mask = rest
    key, value, *pad = (x, x, *rest) if len(rest) < 2 else rest
    mask = flat(mask)
    pad = pad[0] if pad else None
    if pad is not None and mask.is_floating_point():
        pad = torch.zeros_like(pad, dtype=mask.dtype).masked_fill(pad, float("-inf"))
    return module(x, key, value, key_padding_mask=pad, attn_mask=mask, need_weights=False)[0]


def attend_causally_masked(module, x, pad, mask):
    mask = torch.where(future, float("-inf"), flat(mask)) if mask.is_floating_point() else future | flat(mask)
    return attend_masked(module, x, pad, mask if mask.dim() == 3 else mask[None])


case("MultiheadAttention mask", attention, real(2, 4, 6), given(hidden[None]), run=attend_masked)
case("MultiheadAttention mask heads padding", attention, real(2, 4, 6), light, given(per_head), run=attend_masked)
case("MultiheadAttention added", attention, real(2, 4, 6), real(1, 4, 4), run=attend_masked)
case("MultiheadAttention cross added heads padding", attention, real(2, 3, 6), real(2, 4, 6), real(2, 4, 6), light,
     real(4, 3, 4), run=attend_masked)
case("MultiheadAttention causal mask", attention, real(2, 4, 6), light, given(hidden.tril(-1)[None]),
     run=attend_causally_masked)
case("MultiheadAttention causal added", attention, real(2, 4, 6), light, real(4, 4, 4), run=attend_causally_masked)


def encode_masked(module, x, pad, mask):
    return module(x, src_mask=flat(mask), src_key_padding_mask=pad)


def decode(module, target, memory, *masks):
    target_mask, memory_mask, target_pad, memory_pad = masks if masks else [None] * 4
    none = lambda mask: mask if mask is not None and mask.numel() else None
    return module(target, memory, tgt_mask=flat(target_mask), memory_mask=flat(memory_mask),
                  tgt_key_padding_mask=none(target_pad), memory_key_padding_mask=none(memory_pad))


def decode_causally(module, target, memory):
    return module(target, memory, tgt_mask=torch.ones(3, 3).triu(1).bool())


def decoder_layer(**options):
    return nn.TransformerDecoderLayer(4, 2, dim_feedforward=3, dropout=0.0, batch_first=True, **options)


none = given(torch.zeros(0, dtype=torch.bool))
pair = real(2, 3, 4), real(2, 4, 4)
case("TransformerDecoderLayer", decoder_layer, *pair, run=decode)
case("TransformerDecoderLayer masks", lambda: decoder_layer(activation="gelu", norm_first=True), *pair,
     given(torch.ones(1, 3, 3).triu(1).bool()), given(per_head[:, 1:]),
     given(torch.tensor([[False, False, True], [False, False, False]])), light, run=decode)
case("TransformerDecoderLayer padding", decoder_layer, *pair, none, none, none, light, run=decode)
case("TransformerDecoder", lambda: nn.TransformerDecoder(decoder_layer(), 2), *pair, run=decode_causally, init=False)
case("TransformerDecoder first", lambda: nn.TransformerDecoder(decoder_layer(norm_first=True), 2, norm=nn.LayerNorm(4)),
     *pair, none, real(1, 3, 4), none, none, run=decode, init=False)


class Sinusoidal(nn.Module):
    """As in the tutorial "Language Modeling with nn.Transformer and torchtext", with samples first and without dropout."""

    def forward(self, x):
        position = torch.arange(x.size(1)).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, x.size(2), 2) * (-math.log(10000.0) / x.size(2)))
        pe = torch.zeros(x.size(1), x.size(2))
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term[: x.size(2) // 2])
        return x + pe


class Learned(nn.Embedding):
    def forward(self, x):
        return x + super().forward(torch.arange(x.size(1)))


case("SinusoidalPositionalEncoding", Sinusoidal, real(2, 5, 6))
case("SinusoidalPositionalEncoding odd", Sinusoidal, real(1, 3, 5))
case("LearnedPositionalEncoding", lambda: Learned(7, 4), real(2, 5, 4))


def encode(module, x, *pad):
    return module(x, src_key_padding_mask=pad[0] if pad else None)


def encode_causally(module, x):
    mask = {"mask": future} if isinstance(module, nn.TransformerEncoder) else {"src_mask": future}
    return module(x, **mask)


def layer(**options):
    return nn.TransformerEncoderLayer(6, 2, dim_feedforward=5, dropout=0.0, batch_first=True, **options)


case("TransformerEncoderLayer", layer, real(2, 4, 6), run=encode)
case("TransformerEncoderLayer padding", layer, real(2, 4, 6), padding, run=encode)
case("TransformerEncoderLayer gelu first", lambda: layer(activation="gelu", norm_first=True), real(2, 4, 6), padding, run=encode)
case("TransformerEncoderLayer mask", layer, real(2, 4, 6), light, given(hidden[None]), run=encode_masked)
case("TransformerEncoderLayer causal", lambda: layer(layer_norm_eps=1e-3), real(2, 4, 6), run=encode_causally)
case("TransformerEncoder", lambda: nn.TransformerEncoder(layer(), 2, enable_nested_tensor=False), real(2, 4, 6), padding,
     run=encode, init=False)
case("TransformerEncoder first", lambda: nn.TransformerEncoder(layer(norm_first=True), 2, norm=nn.LayerNorm(6)),
     real(2, 4, 6), run=encode_causally, init=False)

case("SpectralNorm linear", lambda: spectral_norm(nn.Linear(3, 2)), real(2, 3))
case("SpectralNorm conv", lambda: spectral_norm(nn.Conv2d(2, 3, 3), n_power_iterations=2), real(2, 2, 4, 4))
case("SpectralNorm transposed", lambda: spectral_norm(nn.ConvTranspose1d(2, 3, 3)), real(2, 2, 4))
case("WeightNorm linear", lambda: weight_norm(nn.Linear(3, 2)), real(2, 3))
case("WeightNorm conv", lambda: weight_norm(nn.Conv2d(2, 3, 3)), real(2, 2, 4, 4))
case("Linear without bias", lambda: nn.Linear(3, 2, bias=False), real(2, 3))
case("ConvTranspose1d", lambda: nn.ConvTranspose1d(2, 3, 3), real(2, 2, 4))
case("ConvTranspose2d", lambda: nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), real(2, 2, 4, 3))
case("InstanceNorm sequences", lambda: nn.InstanceNorm1d(3, affine=True), real(2, 3, 4))
case("InstanceNorm images", lambda: nn.InstanceNorm2d(3, eps=1e-3, affine=True), real(2, 3, 4, 2))
case("PixelShuffle", lambda: nn.PixelShuffle(2), real(2, 8, 2, 3))
case("Upsample nearest", lambda: nn.Upsample(scale_factor=3, mode="nearest"), real(2, 2, 2, 3))
case("Upsample bilinear", lambda: nn.Upsample(scale_factor=2, mode="bilinear"), real(2, 2, 2, 3))

document = {"torch": torch.__version__, "seed": 7, "cases": cases}
pathlib.Path(__file__).with_name("torch-layers.json").write_text(json.dumps(document) + "\n")
