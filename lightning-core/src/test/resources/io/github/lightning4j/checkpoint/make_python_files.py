"""Writes the .safetensors files of this folder with the reference implementation (torch 2.13, safetensors)."""

import torch
from safetensors.torch import save_file

values = torch.tensor([[0.0, -1.5, 3.0e38], [float("inf"), float("nan"), -0.0]])
save_file({"a": values, "b": torch.arange(5, dtype=torch.float32)}, "python-float32.safetensors", {"framework": "pt"})
save_file({"a": values.half()}, "python-float16.safetensors")
save_file({"a": values.bfloat16(), "b": torch.tensor(0.1).bfloat16()}, "python-bfloat16.safetensors")
save_file({"a": torch.tensor([-(2**63), 2**63 - 1, 7])}, "python-int64.safetensors")
save_file(
    {
        "f64": torch.tensor([0.1]).double(),
        "i32": torch.tensor([-(2**31)], dtype=torch.int32),
        "i8": torch.tensor([-128], dtype=torch.int8),
        "u8": torch.tensor([255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "scalar": torch.tensor(2.5),
    },
    "python-mixed.safetensors",
)
save_file({"empty": torch.zeros(0, 3), "full": torch.ones(1)}, "python-empty-tensor.safetensors")
save_file({}, "python-no-tensors.safetensors")
save_file({"größe/層.重み🔥": torch.tensor([1.0]), 'quote"back\\slash': torch.tensor([2.0])}, "python-unicode.safetensors")
save_file({"a": torch.tensor([1], dtype=torch.int16)}, "python-int16.safetensors")
save_file({"a": torch.tensor([1.0]).to(torch.float8_e4m3fn)}, "python-float8.safetensors")
save_file({"a": torch.tensor([1 + 2j])}, "python-complex64.safetensors")
save_file({"a": torch.tensor([1], dtype=torch.uint64)}, "python-uint64.safetensors")
