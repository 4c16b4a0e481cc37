"""Writes bert.json: a small BertModel of Hugging Face's transformers in float64, with its outputs and gradients; bert/config.json
and bert/model.safetensors, as transformers saves it in float32. Needs torch, transformers and safetensors."""

import json
import pathlib

import torch
from transformers import BertConfig, BertModel

HERE = pathlib.Path(__file__).parent
TYPES = {torch.int64: "INT64", torch.float64: "FLOAT64"}


def array(tensor):
    return {
        "shape": list(tensor.shape),
        "type": TYPES[tensor.dtype],
        "values": [float(v) for v in tensor.detach().flatten().tolist()],
    }


torch.manual_seed(11)
config = BertConfig(
    hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, vocab_size=17,
    max_position_embeddings=9, type_vocab_size=2, layer_norm_eps=1e-6, hidden_act="gelu",
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=0)  # fmt: skip
single = BertModel(config)
for value in single.parameters():
    value.data = torch.randn_like(value) * 0.4
single.save_pretrained(HERE / "bert")
model = BertModel.from_pretrained(HERE / "bert").double()

ids = torch.tensor([[3, 5, 16, 1, 7], [2, 9, 4, 0, 0], [1, 4, 0, 0, 0]])
mask = (ids != 0).long()
types = torch.tensor([[0, 0, 1, 1, 1], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]])
cases = {}


def case(name, inputs, pool):
    model.zero_grad()
    keys = ("input_ids", "attention_mask", "token_type_ids")
    out = pool(model(**dict(zip(keys, inputs))).last_hidden_state)
    weights = torch.randn_like(out)
    (out * weights).sum().backward()
    cases[name] = {
        "inputs": [array(t) for t in inputs],
        "output": array(out),
        "weights": array(weights),
        "gradients": {k: array(v.grad) for k, v in model.named_parameters() if not k.startswith("pooler")},
    }


def mean(x):
    m = mask.unsqueeze(-1).double()
    return (x * m).sum(1) / m.sum(1)


case("NONE", [ids], lambda x: x)
case("MEAN", [ids, mask, types], mean)
case("CLS", [ids, mask], lambda x: x[:, 0])
(HERE / "bert.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
