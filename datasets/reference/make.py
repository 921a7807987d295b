"""Writes what the Python originals say, for the parity tests.

    pip install -r requirements.txt          # torch, transformers, tokenizers, safetensors
    python make.py                           # from this folder

posts.jsonl      48 posts in 16 languages: token ids, pooled vector and logits of models/lure-base, computed by
                 `transformers.BertModel` from the same weights
hf/*/            two tiny, random Hugging Face sequence classifiers (BERT, XLM-R) with the logits `transformers` gives
"""

import glob
import gzip
import json
import os

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast,
                          XLMRobertaConfig, XLMRobertaForSequenceClassification)

MODEL = "../../models/lure-base"
LANGUAGES = "en es fr pt ru uk ar tr hi bn id vi th zh-Hans my sw".split()
EACH = 3
# Tokens of which the strongest mean counts, where a head says of single words what they show.
PHRASE = 5


def widened(blocks, size, weights):
    """GGML blocks of `size` bytes to f32: a scale, and what `weights` reads from the rest."""
    rows, width = blocks.shape
    blocks = blocks.reshape(rows, width // size, size)
    scale = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    return (weights(blocks[:, :, 2:]).astype(np.float32) * scale).reshape(rows, -1)


def nibbles(bytes):
    return np.concatenate([(bytes & 15).astype(np.int8) - 8, (bytes >> 4).astype(np.int8) - 8], 2)


def sixes(bytes):
    """Sixteen bytes of lower four bits, as in `nibbles`, and eight with the upper two of four weights in a row each."""
    twos = np.stack([bytes[:, :, 16:] >> shift & 3 for shift in (0, 2, 4, 6)], 3).reshape(*bytes.shape[:2], 32)
    return nibbles(bytes[:, :, :16]) + 8 + 16 * twos.astype(np.int8) - 32


def tensors(path):
    for key, value in load_file(path).items():
        if key.endswith(".q4_0"):
            key, value = key.removesuffix(".q4_0"), widened(value, 18, nibbles)
        elif key.endswith(".q6"):
            key, value = key.removesuffix(".q6"), widened(value, 26, sixes)
        yield key, torch.tensor(value)


def rounded(values):
    return [round(float(value), 6) for value in values]


def write_posts():
    config = json.load(open(f"{MODEL}/config.json"))
    lure = config["lurescan"]
    fields = ("hidden_size num_hidden_layers num_attention_heads intermediate_size layer_norm_eps "
              "max_position_embeddings vocab_size type_vocab_size pad_token_id hidden_act").split()
    encoder = BertModel(BertConfig(**{field: config[field] for field in fields}), add_pooling_layer=False).eval()
    encoder.load_state_dict(dict(tensors(f"{MODEL}/encoder.safetensors")), strict=True)
    heads = dict(tensors(f"{MODEL}/heads.safetensors"))
    tokenizer = Tokenizer.from_file(f"{MODEL}/tokenizer.json")
    tokenizer.enable_truncation(lure["max_length"])

    wanted = {language: EACH for language in LANGUAGES}
    with open("posts.jsonl", "w", encoding="utf-8") as out:
        for name in sorted(glob.glob("../authored/*.jsonl*")):
            for line in (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8"):
                record = json.loads(line)
                text = record["text"]
                # Texts that the text room leaves as they are, so that this file needs no second folder.
                if not wanted.get(record["lang"]) or "title" in record or not text.isprintable():
                    continue
                wanted[record["lang"]] -= 1
                ids = tokenizer.encode(lure["prefix"] + text).ids
                with torch.no_grad():
                    states = encoder(torch.tensor([ids])).last_hidden_state[0]
                    pooled = states.mean(0)
                    logits = {head: heads[f"heads.{head}.weight"] @ pooled + heads[f"heads.{head}.bias"]
                              for head in ("context", "suspect", "patterns", "indicators")}
                    words = states @ heads["heads.words.weight"].T + heads["heads.words.bias"]
                    logits["indicators"] += words.unfold(0, min(PHRASE, len(ids)), 1).mean(2).max(0).values
                logits = {head: rounded(values) for head, values in logits.items()}
                row = {"id": record["id"], "lang": record["lang"], "text": text, "ids": ids, "pooled": rounded(pooled), **logits}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


SENTENCES = ["Cooks wanted in Riga, room and board included.", "They keep your passport until the fee is paid.",
             "Ищем поваров, жильё есть.", "Is this job real? They asked for money.", "招聘客服，包吃住。"]


def write_hugging_face(folder, tokenizer, model, special):
    os.makedirs(folder, exist_ok=True)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
    fast.save_pretrained(folder)
    for name in os.listdir(folder):
        if name not in ("tokenizer.json",):
            os.remove(f"{folder}/{name}")
    model.save_pretrained(folder)
    rows = []
    for sentence in SENTENCES:
        ids = tokenizer.encode(sentence).ids
        with torch.no_grad():
            rows.append({"text": sentence, "ids": ids, "logits": rounded(model(torch.tensor([ids])).logits[0])})
    json.dump(rows, open(f"{folder}/expected.json", "w"), ensure_ascii=False, indent=1)


def write_bert():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(
        vocab_size=200, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                        intermediate_size=64, max_position_embeddings=64, initializer_range=0.3, num_labels=3,
                        id2label={0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, label2id={"LABEL_0": 0, "LABEL_1": 1, "LABEL_2": 2})
    write_hugging_face("hf/bert", tokenizer, BertForSequenceClassification(config).eval(), {"unk_token": "[UNK]", "pad_token": "[PAD]"})


def write_xlm_roberta():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(SENTENCES, trainers.UnigramTrainer(
        vocab_size=150, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    config = XLMRobertaConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                              intermediate_size=64, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, bos_token_id=0,
                              eos_token_id=2, initializer_range=0.3, problem_type="multi_label_classification", num_labels=2,
                              id2label={0: "suspect", 1: "job_fraud"}, label2id={"suspect": 0, "job_fraud": 1})
    write_hugging_face("hf/xlm-roberta", tokenizer, XLMRobertaForSequenceClassification(config).eval(),
                       {"unk_token": "<unk>", "pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>"})


write_posts()
# Trained tokenizers differ from run to run, so the tiny models are written once. The command-line tests want of the BERT that
# it calls SENTENCES[1] suspect and SENTENCES[0] clear.
if not os.path.exists("hf"):
    write_bert()
    write_xlm_roberta()
