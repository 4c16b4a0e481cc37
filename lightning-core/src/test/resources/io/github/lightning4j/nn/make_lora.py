"""Writes lora/: adapters that peft trained on the BertModel of make_bert.py and on torch's MultiheadAttention, as peft saves
them, and lora.json: outputs and gradients in float64 and what they start with. Needs torch, transformers, peft and safetensors."""

import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers import BertModel

HERE = pathlib.Path(__file__).parent
TYPES = {torch.int64: "INT64", torch.float64: "FLOAT64"}


def array(tensor):
    return {
        "shape": list(tensor.shape),
        "type": TYPES[tensor.dtype],
        "values": [float(v) for v in tensor.detach().flatten().tolist()],
    }


def named(model, what):
    start = "base_model.model."
    return {
        key[len(start) :].replace(".default", "").replace("base_layer.", ""): what(value)
        for key, value in model.named_parameters()
        if "lora_" in key
    }


def adapted(model, targets, folder):
    torch.manual_seed(5)
    peft = get_peft_model(model, LoraConfig(r=2, lora_alpha=6, lora_dropout=0.0, target_modules=targets))
    for key, value in peft.named_parameters():
        if "lora_B" in key:
            value.data = torch.randn_like(value) * 0.3
    peft.save_pretrained(HERE / "lora" / folder)
    (HERE / "lora" / folder / "README.md").unlink()
    config = HERE / "lora" / folder / "adapter_config.json"
    values = json.loads(config.read_text())
    values["base_model_name_or_path"] = None
    config.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n")
    return peft.double()


ids = torch.tensor([[3, 5, 16, 1, 7], [2, 9, 4, 0, 0], [1, 4, 0, 0, 0]])
mask = (ids != 0).long()
bert = adapted(BertModel.from_pretrained(HERE / "bert"), ["query", "value", "intermediate.dense"], "bert")
m = mask.unsqueeze(-1).double()
out = (bert(ids, mask).last_hidden_state * m).sum(1) / m.sum(1)
weights = torch.randn_like(out)
(out * weights).sum().backward()
cases = {
    "bert": {
        "inputs": [array(ids), array(mask)],
        "output": array(out),
        "weights": array(weights),
        "gradients": named(bert, lambda v: array(v.grad)),
    }
}


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, query, key, value):
        return self.attn(query, key, value)[0]


torch.manual_seed(3)
model = Attention()
for value in model.parameters():
    value.data = torch.randn_like(value) * 0.4
before = {key: array(value.double()) for key, value in model.named_parameters()}
inputs = [torch.randn(2, 3, 6).double(), torch.randn(2, 4, 6).double(), torch.randn(2, 4, 6).double()]
attention = adapted(model, ["attn"], "attention")
adapters = named(attention, array)
tensors = named(attention, lambda v: v.detach().clone())
# By the formula, since peft 0.21 adds the adapter of the projection twice, merged or not.
model = attention.unload().double()
with torch.no_grad():
    for weight, name in ((model.attn.in_proj_weight, "attn."), (model.attn.out_proj.weight, "attn.out_proj.")):
        weight += 3 * tensors[name + "lora_B.weight"] @ tensors[name + "lora_A.weight"]
out = model(*inputs)
cases["attention"] = {
    "parameters": before,
    "adapters": adapters,
    "inputs": [array(x) for x in inputs],
    "output": array(out),
}
(HERE / "lora.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
