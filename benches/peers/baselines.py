"""What a team could use without a transformer, on the same records and sides: keyword rules, and n-grams with two learners.

    pip install -r benches/peers/requirements.txt
    cargo build --release
    python benches/peers/baselines.py --out baselines

prints one table and writes an evaluation for each baseline that `lurescan compare` reads:

    lurescan eval datasets/authored --split test --json ours.json
    lurescan compare baselines/ngrams-logistic.json ours.json

Everything is fitted on train; regularisation and the line between suspect and clear are chosen on dev; test is only measured.
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

ROOT = Path(__file__).resolve().parents[2]


def read(folder):
    """Records in the order of `lurescan`, by side."""
    sides = dict(line.split("\t")[:2] for line in (folder / "splits.tsv").read_text("utf-8").splitlines()[1:])
    records = {"train": [], "dev": [], "test": []}
    for path in sorted(folder.glob("*.jsonl*")):
        for line in (gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")):
            record = json.loads(line)
            title = record.get("title") or ""
            record["whole"] = f"{title}\n{record['text']}" if title.strip() else record["text"]
            records[sides[record["id"]]].append(record)
    return records


def answers(records):
    return np.array([record["label"]["suspect"] for record in records])


def rules(program, records):
    """From the number of decisive indicators that the rule cards find, ordinary ones counting a tenth."""
    decisive = {line.split()[0] for line in run(program, "typology").splitlines() if line.endswith(" !")}
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "posts.jsonl"
        export.write_text("".join(json.dumps({"id": r["id"], "text": r["whole"]}) + "\n" for r in records), "utf-8")
        run(program, "scan", str(export), "-o", f"{folder}/out", "--emit", "all", "--text", "none")
        findings = [json.loads(line) for line in (Path(folder) / "out/findings.jsonl").read_text("utf-8").splitlines()]
    found = {}
    for finding in findings:
        own = [hit["id"] for hit in finding["indicators"] if hit["source"] == "rule"]
        found[finding["id"]] = sum(1.0 if hit in decisive else 0.1 for hit in own)
    return 1.0 - np.exp(-np.array([found[record["id"]] for record in records]))


def run(program, *arguments):
    return subprocess.run([program, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def ngrams(records):
    """Character n-grams within words, 2 to 5 long, by TF-IDF; fitted on train."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=300_000, sublinear_tf=True)
    vectors = {"train": vectoriser.fit_transform(record["whole"] for record in records["train"])}
    for side in ("dev", "test"):
        vectors[side] = vectoriser.transform(record["whole"] for record in records[side])
    return vectors


def logistic(vectors, truth):
    best = None
    for strength in (1, 4, 16, 64):
        model = LogisticRegression(C=strength, max_iter=300, solver="liblinear").fit(vectors["train"], truth["train"])
        found = {side: model.predict_proba(vectors[side])[:, 1] for side in ("dev", "test")}
        figure = average_precision_score(truth["dev"], found["dev"])
        if best is None or figure > best[0]:
            best = (figure, found)
    return best[1]


def boosting(vectors, truth):
    reduced = TruncatedSVD(200, random_state=1).fit(vectors["train"])
    dense = {side: reduced.transform(vectors[side]) for side in vectors}
    model = HistGradientBoostingClassifier(random_state=1, early_stopping=False, max_iter=200, learning_rate=0.08)
    model.fit(dense["train"], truth["train"])
    return {side: model.predict_proba(dense[side])[:, 1] for side in ("dev", "test")}


def line_of_best_f1(scores, truth):
    candidates = np.unique(scores)
    hits = [(np.sum(truth & (scores >= c)), np.sum(scores >= c)) for c in candidates]
    figures = [2 * hit / (flagged + truth.sum()) for hit, flagged in hits]
    return candidates[int(np.argmax(figures))]


def recall_at_false_alarms(scores, truth, rate):
    negatives = np.sort(scores[~truth])[::-1]
    allowed = int(rate * len(negatives))
    bound = negatives[allowed] if allowed < len(negatives) else -np.inf
    return float((scores[truth] > bound).mean())


def evaluation(name, records, scores, line):
    """As `lurescan eval --json` writes it, as far as `compare` reads it."""
    digest = hashlib.sha256()
    for record in records:
        for part in (record["id"], record["whole"]):
            digest.update(part.encode() + b"\0")
    judged = [
        {
            "id": record["id"],
            "group": record.get("group") or record["id"],
            "suspect": bool(record["label"]["suspect"]),
            "p_suspect": float(score),
            "called": bool(score >= line),
        }
        for record, score in zip(records, scores)
    ]
    return {
        "schema": "lurescan.eval/1",
        "model": name,
        "model_hash": "",
        "data": ["datasets/authored"],
        "data_hash": digest.hexdigest(),
        "split": "test",
        "operating_point": "best F1 on dev",
        "seed": 1,
        "judged": judged,
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--set", type=Path, default=ROOT / "datasets/authored")
    arguments.add_argument("--program", default=str(ROOT / "target/release/lurescan"))
    arguments.add_argument("--out", type=Path, default=Path("baselines"))
    arguments = arguments.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    records = read(arguments.set)
    truth = {side: answers(records[side]) for side in records}
    vectors = ngrams(records)
    found = {
        "rules": {side: rules(arguments.program, records[side]) for side in ("dev", "test")},
        "ngrams-logistic": logistic(vectors, truth),
        "ngrams-boosting": boosting(vectors, truth),
    }
    print(f"{len(records['test'])} test records, {truth['test'].sum()} suspect\n")
    print("| baseline | PR-AUC | ROC-AUC | recall at 1 % false alarms | F1 | false alarms | Brier score |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, scores in found.items():
        line = line_of_best_f1(scores["dev"], truth["dev"])
        test, answer = scores["test"], truth["test"]
        called = test >= line
        f1 = 2 * np.sum(called & answer) / (called.sum() + answer.sum())
        brier = "–" if name == "rules" else f"{brier_score_loss(answer, test):.3f}"
        figures = [average_precision_score(answer, test), roc_auc_score(answer, test)]
        figures += [recall_at_false_alarms(test, answer, 0.01), f1, called[~answer].mean()]
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + f" | {brier} |")
        text = json.dumps(evaluation(name, records["test"], test, line), ensure_ascii=False)
        (arguments.out / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
