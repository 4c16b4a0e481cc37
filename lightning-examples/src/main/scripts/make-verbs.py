"""Writes verbs.tsv.gz: definitions of verbs by their kind, from WordNet 3.0 (dict/data.verb of Debian's wordnet-base).
Arguments: data.verb, and the file to write. A line is kind, tab, definition; the same definition is never there twice, examples are left out."""

import gzip
import pathlib
import random
import re
import sys

KINDS = {29: "body", 30: "change", 31: "cognition", 32: "communication", 33: "competition", 34: "consumption",
         35: "contact", 36: "creation", 37: "emotion", 38: "motion", 39: "perception", 40: "possession",
         41: "social", 42: "stative"}  # fmt: skip
EACH = 240

definitions = {}
for line in open(sys.argv[1], encoding="ascii"):
    if not line.startswith("  "):
        head, gloss = line.split(" | ", 1)
        text = re.split(r';\s*"', gloss.strip())[0].strip()
        definitions.setdefault(text, set()).add(int(head.split()[1]))
by_kind = {kind: [] for kind in KINDS}
for text, kinds in definitions.items():
    if len(kinds) == 1 and len(text) >= 12 and min(kinds) in by_kind:
        by_kind[min(kinds)].append(text)
random.seed(1)
rows = [(KINDS[kind], text) for kind, texts in by_kind.items() for text in random.sample(texts, min(EACH, len(texts)))]
random.shuffle(rows)
data = "".join(f"{kind}\t{text}\n" for kind, text in rows).encode()
out = pathlib.Path(sys.argv[2])
out.write_bytes(gzip.compress(data, 9, mtime=0))
print(len(rows), len(data), {KINDS[k]: len(v) for k, v in by_kind.items()})
