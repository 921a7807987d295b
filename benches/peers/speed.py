"""The same model on the same posts, by lurescan and by what a user would run instead, in one command:

    pip install -r benches/peers/requirements.txt
    cargo build --release
    python benches/peers/speed.py

Each engine is a process of its own that reads one JSONL file of posts and writes one of scores, from its start to its end; all take
turns, round by round, so that a noisy machine disturbs them alike. The peers sort by length, the best they can do against padding,
and run at the best of three batch sizes, tried beforehand. Ratios are taken within a round.
"""

import argparse
import gzip
import hashlib
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCHES = [8, 16, 32]
PEERS = ["transformers", "ort-f32", "ort-int8"]


def posts(count, seed):
    """Distinct posts in the lengths of the authored records; beyond those, one half of each of two records."""
    records = []
    for file in sorted((ROOT / "datasets/authored").glob("*.jsonl*")):
        lines = gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8")
        records += [json.loads(line) for line in lines if line.strip()]
    texts = ["\n".join(filter(None, [record.get("title"), record["text"]])) for record in records]
    rng = random.Random(seed)
    rng.shuffle(texts)
    whole = len(texts)
    known = set(texts)
    while len(texts) < count:
        one, other = (texts[rng.randrange(whole)] for _ in range(2))
        joined = one[: len(one) // 2] + other[len(other) // 2 :]
        if joined not in known:
            known.add(joined)
            texts.append(joined)
    return [{"id": str(number), "text": text} for number, text in enumerate(texts[:count])]


def read(path):
    return [json.loads(line) for line in Path(path).open(encoding="utf-8")]


def write(path, rows):
    with Path(path).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def tokenizer(folder):
    from transformers import PreTrainedTokenizerFast

    special = {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
    settings = json.loads((folder / "config.json").read_text())["lurescan"]
    loaded = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), model_max_length=settings["max_length"], **special)
    loaded.model_input_names = ["input_ids", "attention_mask"]
    return loaded, settings["prefix"]


def network(folder):
    """The exported encoder with mean pooling and the suspect head, as transformers would have it."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel, PreTrainedModel
    from transformers.modeling_outputs import SequenceClassifierOutput

    class Suspect(PreTrainedModel):
        config_class = BertConfig

        def __init__(self, config):
            super().__init__(config)
            self.bert = BertModel(config, add_pooling_layer=False)
            self.head = torch.nn.Linear(config.hidden_size, 1)
            self.post_init()

        def forward(self, input_ids, attention_mask, **_):
            states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(2).to(states.dtype)
            return SequenceClassifierOutput(logits=self.head((states * weights).sum(1) / weights.sum(1)))

    config = BertConfig.from_pretrained(folder)
    config.num_labels = 1
    model = Suspect(config)
    model.bert.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    heads = load_file(folder / "heads.safetensors")
    model.head.load_state_dict({"weight": heads["heads.suspect.weight"], "bias": heads["heads.suspect.bias"]})
    return model.eval()


def to_onnx(folder):
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Plain(torch.nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, input_ids, attention_mask):
            return self.inner(input_ids, attention_mask).logits

    ids = torch.ones(2, 12, dtype=torch.long)
    # Some of it masked: transformers leaves a mask of ones out of the graph.
    mask = torch.tensor([[1] * 12, [1] * 7 + [0] * 5])
    free = {0: torch.export.Dim("posts"), 1: torch.export.Dim("tokens", max=512)}
    program = torch.onnx.export(
        Plain(network(folder)), (ids, mask), input_names=["input_ids", "attention_mask"], output_names=["logits"],
        dynamic_shapes=(free, free), dynamo=True, optimize=True,
    )
    program.save(str(folder / "f32.onnx"))
    model = onnx.load(folder / "f32.onnx")
    del model.graph.value_info[:]
    onnx.save(model, folder / "plain.onnx")
    quantize_dynamic(folder / "plain.onnx", folder / "int8.onnx", weight_type=QuantType.QInt8, per_channel=True)


def peer(engine, folder, source, target, batch, threads):
    """One engine over all posts; runs in a process of its own."""
    import numpy as np

    rows = read(source)
    cut, prefix = tokenizer(folder)
    texts = [prefix + row["text"] for row in rows]
    if engine == "transformers":
        import torch
        from transformers import pipeline

        torch.set_num_threads(threads)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        classify = pipeline("text-classification", model=network(folder), tokenizer=cut, function_to_apply="sigmoid", device="cpu")
        found = classify([texts[at] for at in order], batch_size=batch, truncation=True)
        scores = {at: one["score"] for at, one in zip(order, found)}
    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        name = {"ort-f32": "f32.onnx", "ort-int8": "int8.onnx"}[engine]
        session = onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        ids = cut(texts, truncation=True)["input_ids"]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        scores = {}
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            width = max(len(ids[at]) for at in part)
            padded = np.full((len(part), width), cut.pad_token_id, dtype=np.int64)
            mask = np.zeros_like(padded)
            for row, at in enumerate(part):
                padded[row, : len(ids[at])] = ids[at]
                mask[row, : len(ids[at])] = 1
            logits = session.run(None, {"input_ids": padded, "attention_mask": mask})[0][:, 0]
            scores.update(zip(part, 1 / (1 + np.exp(-logits))))
    write(target, [{"id": row["id"], "p": float(scores[at])} for at, row in enumerate(rows)])


def timed(command, threads):
    """Seconds from start to end and the peak of resident memory in MiB."""
    limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    begun = time.perf_counter()
    child = subprocess.Popen(command, env=os.environ | limits, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(map(str, command))}\n{errors.decode()}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--posts", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=os.cpu_count())
    options.add_argument("--model", default="lure-base")
    options.add_argument("--lurescan", type=Path, default=ROOT / "target/release/lurescan")
    options.add_argument("--peer", help=argparse.SUPPRESS)
    options.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.peer == "onnx":
        return to_onnx(Path(chosen.run[0]))
    if chosen.peer:
        folder, source, target, batch = chosen.run
        return peer(chosen.peer, Path(folder), source, target, int(batch), chosen.threads)

    with tempfile.TemporaryDirectory() as room:
        room = Path(room)
        folder = room / "exported"
        subprocess.run([chosen.lurescan, "models", "export", chosen.model, "--out", folder], cwd=ROOT, check=True, capture_output=True)
        # In a process of its own: a child's peak memory begins with that of its parent.
        subprocess.run([sys.executable, __file__, "--peer", "onnx", "--run", folder, "-", "-", "-"], check=True, capture_output=True)
        rows = posts(chosen.posts, chosen.seed)
        source, few = room / "posts.jsonl", room / "few.jsonl"
        write(source, rows)
        write(few, rows[:256])
        digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]

        def command(engine, source, batch, suffix=""):
            if engine == "lurescan":
                out = ["--out", room / "scan", "--force", "--emit", "all", "--text", "none", "--threads", str(chosen.threads)]
                return [chosen.lurescan, "scan", source, "--model", chosen.model, *out]
            target = room / f"{engine}{suffix}.jsonl"
            run = ["--threads", str(chosen.threads), "--peer", engine, "--run", folder, source, target, str(batch)]
            return [sys.executable, __file__, *run]

        batch = {"lurescan": None}
        for engine in PEERS:
            seconds = {size: timed(command(engine, few, size, "-few"), chosen.threads)[0] for size in BATCHES}
            batch[engine] = min(seconds, key=seconds.get)
        rates, memory = ({engine: [] for engine in batch} for _ in range(2))
        for _ in range(chosen.rounds):
            for engine, size in batch.items():
                seconds, peak = timed(command(engine, source, size), chosen.threads)
                rates[engine].append(len(rows) / seconds)
                memory[engine].append(peak)
                print(f"  {engine}: {rates[engine][-1]:.0f} posts/s", file=sys.stderr)

        ours = {line["id"]: line["verdict"].get("raw") for line in read(room / "scan/findings.jsonl")}
        print(f"{chosen.model}, {len(rows)} posts (seed {chosen.seed}, {digest}), {chosen.rounds} rounds, {chosen.threads} threads,", end=" ")
        print(f"{platform.machine()} {platform.system()}, Python {platform.python_version()}; " + ", ".join(versions()) + "\n")
        print("| engine | batch | posts/s, median (range) | lurescan against it | peak MiB | mean difference of raw scores |")
        print("|---|---:|---:|---:|---:|---:|")
        for engine, size in batch.items():
            own = rates[engine]
            ratio = statistics.median(mine / theirs for mine, theirs in zip(rates["lurescan"], own))
            apart = "–"
            if engine != "lurescan":
                theirs = {line["id"]: line["p"] for line in read(room / f"{engine}.jsonl")}
                both = [abs(theirs[name] - p) for name, p in ours.items() if p is not None]
                apart = f"{statistics.mean(both):.4f}"
            spread = f"{statistics.median(own):.0f} ({min(own):.0f}–{max(own):.0f})"
            print(f"| {engine} | {size or '–'} | {spread} | {ratio:.1f} × | {max(memory[engine]):.0f} | {apart} |")


def versions():
    from importlib.metadata import version

    return [f"{name} {version(name)}" for name in ("torch", "transformers", "onnxruntime")]


if __name__ == "__main__":
    main()
