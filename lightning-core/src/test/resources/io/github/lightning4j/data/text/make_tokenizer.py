"""Writes tokenizer.json, a small WordPiece tokenizer in the manner of BERT's that cuts at 8 tokens and pads to 8, and
tokens.json, what Hugging Face's tokenizers makes of some texts without padding. Needs tokenizers."""

import json
import pathlib

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

HERE = pathlib.Path(__file__).parent
WORDS = "[PAD] [UNK] [CLS] [SEP] the cat dog sat on mat un ##happi ##ness ##s ##ing run . , ! 日 本 cafe a b c ##b ##c".split()
tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
tokenizer.decoder = decoders.WordPiece()
tokenizer.add_special_tokens(WORDS[:4])
tokenizer.enable_truncation(8)
tokenizer.enable_padding(length=8)
tokenizer.save(str(HERE / "tokenizer.json"))
tokenizer.no_padding()
texts = ["The cat sat on the mat.", "", "Unhappiness!", "日本 café", "😀 dogs, running", "abc " * 9, "a\tb\nc"]
rows = [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts]
(HERE / "tokens.json").write_text(json.dumps({"texts": rows}, ensure_ascii=False) + "\n", encoding="utf-8")
