"""Writes torch-steps.json and steps-*.safetensors: four small networks, what they start with in float32 and (the same numbers)
float64, their batches, and the loss of each of 50 steps of Adam in both."""

import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

STEPS, BATCHES, SAMPLES, LENGTH, TOKENS, SIZE = 50, 5, 8, 10, 17, 12
folder = pathlib.Path(__file__).parent


class Lstm(nn.Module):
    """The states at the end of each sample tell a number."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 8, num_layers=2, batch_first=True)
        self.head = nn.Linear(8, 1)

    def loss(self, x, lengths, target):
        _, (h, _) = self.rnn(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        return functional.mse_loss(self.head(h[-1]), target)


class Gru(nn.Module):
    """A class for each step."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 6, padding_idx=0)
        self.rnn = nn.GRU(6, 8, bidirectional=True, batch_first=True)
        self.head = nn.Linear(16, 3)

    def loss(self, tokens, lengths, target):
        out, _ = self.rnn(pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False))
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=LENGTH)
        return functional.cross_entropy(self.head(out).transpose(1, 2), target, ignore_index=-1)


class Encoder(nn.Module):
    """The first step tells a class; what lies beyond a sample's length is masked."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, SIZE)
        layer = nn.TransformerEncoderLayer(SIZE, 3, dim_feedforward=20, dropout=0.0, batch_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(SIZE, 3)

    def loss(self, tokens, lengths, target):
        padding = torch.arange(LENGTH)[None] >= lengths[:, None]
        return functional.cross_entropy(self.head(self.encoder(self.embedding(tokens), src_key_padding_mask=padding)[:, 0]), target)


class Causal(nn.Module):
    """Each step tells the next token."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, SIZE)
        layer = nn.TransformerEncoderLayer(SIZE, 3, dim_feedforward=20, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(SIZE), enable_nested_tensor=False)
        self.head = nn.Linear(SIZE, TOKENS)

    def loss(self, tokens, target):
        future = torch.ones(LENGTH, LENGTH).triu(1).bool()
        out = self.head(self.encoder(self.embedding(tokens), mask=future))
        return functional.cross_entropy(out.transpose(1, 2), target)


def lengths():
    return torch.randint(2, LENGTH + 1, (SAMPLES,))


def tokens():
    return torch.randint(1, TOKENS, (SAMPLES, LENGTH))


def lstm_batch():
    x = torch.randint(-20, 21, (SAMPLES, LENGTH, 3)).double() / 10
    return x, lengths(), x.sum((1, 2))[:, None] / 8


def gru_batch():
    x, n = tokens(), lengths()
    inside = torch.arange(LENGTH)[None] < n[:, None]
    return torch.where(inside, x, 0), n, torch.where(inside, (x + x.roll(1, 1)) % 3, -1)


def encoder_batch():
    x = tokens()
    return x, lengths(), x[:, 0] * x[:, 1] % 3


def causal_batch():
    x = tokens()
    return x, (x * 3 + 1) % TOKENS


def train(model, batches, dtype):
    model.to(dtype)
    adam = torch.optim.Adam(model.parameters(), lr=5e-3)
    losses = []
    for step in range(STEPS):
        adam.zero_grad()
        loss = model.loss(*[t.to(dtype) if t.is_floating_point() else t for t in batches[step % BATCHES]])
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return losses


def array(tensor):
    return {"shape": list(tensor.shape), "type": "INT64" if tensor.dtype == torch.int64 else "FLOAT64", "values": tensor.flatten().tolist()}


torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)
cases = {}
for name, make, batch in (("lstm", Lstm, lstm_batch), ("gru", Gru, gru_batch), ("encoder", Encoder, encoder_batch), ("causal", Causal, causal_batch)):
    torch.manual_seed(11)
    model = make()
    for i, layer in enumerate(getattr(getattr(model, "encoder", None), "layers", [])):
        for weight in layer.parameters():
            weight.data += 0.05 * torch.randn_like(weight)
    start = {key: value.clone() for key, value in model.state_dict().items()}
    batches = [batch() for _ in range(BATCHES)]
    losses = {}
    for dtype in (torch.float32, torch.float64):
        kind = str(dtype)[6:]
        model.to(dtype).load_state_dict(start)
        save_file(model.state_dict(), str(folder / f"steps-{name}-{kind}.safetensors"))
        losses[kind.upper()] = train(model, batches, dtype)
    cases[name] = {"batches": [[array(t) for t in b] for b in batches], "losses": losses}
(folder / "torch-steps.json").write_text(json.dumps({"torch": torch.__version__, "lr": 5e-3, "cases": cases}) + "\n")
