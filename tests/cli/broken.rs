//! Inputs and models that cannot be used, and what the program says of them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use safetensors::SafeTensors;

use super::{SUSPECT, with_three_rows};
use crate::util::{LABELS, Lab, Said, export, tiny, tiny_scan};

/// What a refused command says, the test's folders left out.
fn refusal(lab: &Lab, said: &Said) -> String {
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:#?}");
    assert!(!lab.path("out").exists(), "a refused scan leaves no folder: {said:#?}");
    said.err.replace(&format!("{}/", lab.path("").display()).replace("//", "/"), "").replace(tiny().to_str().unwrap(), "TINY")
}

/// Beside the other snapshots.
fn snapshot(name: &str, said: &str) {
    insta::with_settings!({snapshot_path => "../snapshots"}, { insta::assert_snapshot!(name, said) });
}

/// A copy of the tiny model to damage.
fn copy(lab: &Lab, name: &str) {
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        lab.write(&format!("{name}/{file}"), std::fs::read(tiny().join(file)).unwrap());
    }
}

#[test]
fn inputs_that_cannot_be_read_are_refused_with_advice() {
    let lab = with_three_rows();
    lab.write("empty.jsonl", "");
    lab.write("pictures/a.png", "x");
    lab.write("table.csv", "id,body\n1,words\n");
    lab.write("archive.zip", b"PK\x03\x04\x14\0");
    lab.write("other.jsonl", "{\"headline\":\"x\",\"words\":\"y\"}\n");
    let mut said = String::new();
    for input in [
        "nowhere.jsonl",
        "no*where.jsonl",
        "empty.jsonl",
        "pictures",
        "archive.zip",
        "other.jsonl",
        "posts.jsonl --map text=body",
        "table.csv --map text=body,region=country",
        "table.csv --format json",
        "posts.jsonl --contact-key nowhere.key",
        "posts.jsonl --contact-key table.csv",
    ] {
        let refused = refusal(&lab, &lab.run(tiny_scan(&format!("{input} -o out"))));
        let _ = write!(said, "{input}\n  {refused}");
    }
    snapshot("refused_inputs", &said);
}

#[test]
fn models_that_cannot_be_used_are_refused_with_advice() {
    let lab = with_three_rows();
    lab.write("hollow/README.md", "no model");
    copy(&lab, "changed");
    lab.write("changed/SHA256SUMS", format!("{}  model.safetensors\n", "0".repeat(64)));
    copy(&lab, "lacking");
    let bytes = std::fs::read(tiny().join("model.safetensors")).unwrap();
    let all = SafeTensors::deserialize(&bytes).unwrap();
    let dropped = "bert.encoder.layer.1.output.dense.weight";
    assert!(all.tensor(dropped).is_ok());
    let rest = all.tensors().into_iter().filter(|(name, _)| name != dropped);
    lab.write("lacking/model.safetensors", safetensors::serialize(rest, None).unwrap());
    copy(&lab, "cut");
    lab.write("cut/model.safetensors", &bytes[..bytes.len() / 2]);
    copy(&lab, "weightless");
    std::fs::remove_file(lab.path("weightless/model.safetensors")).unwrap();
    copy(&lab, "mute");
    std::fs::remove_file(lab.path("mute/tokenizer.json")).unwrap();
    copy(&lab, "unlike");
    let config = lab.read("unlike/config.json");
    lab.write("unlike/config.json", config.replace("\"intermediate_size\": 64", "\"intermediate_size\": 65"));
    copy(&lab, "garbled");
    lab.write("garbled/config.json", "{\"model_type\": \"bert\"");
    copy(&lab, "relu");
    lab.write("relu/config.json", config.replace("\"gelu\"", "\"relu\""));

    let scan = |model: &str, labels: &str| {
        let mut args = vec!["scan", "posts.jsonl", "-o", "out", "--model", model];
        if !labels.is_empty() {
            args.extend(["--labels", labels]);
        }
        format!("{model} {labels}\n  {}", refusal(&lab, &lab.run(args)))
    };
    let mut said = String::new();
    for model in ["nowhere", "hollow", "changed", "lacking", "weightless", "unlike", "relu"] {
        said += &scan(model, LABELS);
    }
    lab.run(["explain", "cooks wanted in Riga", "--model", "changed", "--labels", LABELS]).check(1, &["SHA256SUMS"]);
    let tiny = tiny();
    let tiny = tiny.to_str().unwrap();
    let all_suspect = "LABEL_0=suspect,LABEL_1=job_fraud,LABEL_2=suspect";
    for labels in ["LABEL_1=suspect", "LABEL_0=clear,LABEL_1=clear,LABEL_2=clear", all_suspect] {
        said += &scan(tiny, labels).replace(tiny, "TINY");
    }
    for (labels, part) in
        [("", "is not LABEL=MEANING"), ("suspect", "is not LABEL=MEANING"), ("LABEL_1=fraud", "see `lurescan typology`")]
    {
        lab.run(["scan", "posts.jsonl", "--model", tiny, "--labels", labels]).check(2, &[part]);
    }
    snapshot("refused_models", &said);
    copy(&lab, "nonsense");
    let calibration = |line: f32, slope: f32| {
        serde_json::json!({
            "suspect": {"a": slope, "b": 0.0}, "operating_points": {"balanced": line}, "context_temperature": 1.0, "least_offer": 0.0
        })
    };
    for (line, slope, part) in [(7.0, 1.0, "`balanced` is 7, not between 0 and 1"), (0.5, -1.0, "the scaling of suspects")] {
        lab.write("nonsense/calibration.json", calibration(line, slope).to_string());
        lab.run(["explain", "cooks wanted in Riga", "--model", "nonsense", "--labels", LABELS])
            .check(1, &["calibration.json", part, "lurescan calibrate"]);
    }
    // Their causes are worded by other people's crates.
    for (model, parts) in [("cut", "model.safetensors"), ("mute", "tokenizer.json"), ("garbled", "config.json")] {
        let said = scan(model, LABELS);
        assert!(said.contains(&format!("{model}/{parts}")), "{said}");
    }
}

#[test]
fn an_unlabelled_classifier_is_refused_with_its_labels_and_the_option() {
    let lab = with_three_rows();
    let said = lab.run(["scan", "posts.jsonl", "--model", tiny().to_str().unwrap()]);
    said.check(1, &["LABEL_0", "LABEL_1", "LABEL_2", "--labels LABEL_0=clear,LABEL_1=suspect"]);
    // A table in the folder does as well.
    copy(&lab, "labelled");
    lab.write("labelled/labels.json", "{\"LABEL_0\":\"clear\",\"LABEL_1\":\"job_fraud\",\"LABEL_2\":\"suspect\"}");
    lab.run(["explain", SUSPECT, "--model", "labelled"]).check(0, &[]);
    // Two outputs may mean one pattern, which is listed once.
    let said = lab.run([
        "explain",
        SUSPECT,
        "--json",
        "--model",
        "labelled",
        "--labels",
        "LABEL_0=clear,LABEL_1=job_fraud,LABEL_2=job_fraud",
    ]);
    let line: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(line["patterns"].as_array().unwrap().len(), 1, "{line}");
}

#[test]
fn a_foreign_classifier_is_listed_as_what_it_is() {
    let lab = Lab::new();
    copy(&lab, "models/foreign");
    let said = lab.run(["models", "list"]);
    let line = said.out.lines().find(|line| line.starts_with("foreign")).unwrap();
    assert!(line.ends_with("a Hugging Face classifier"), "{line}");
}

/// A scan of an export that breaks off: what can be read is read, and everyone is told.
fn check_broken_off(name: &str, bytes: &[u8]) {
    let lab = Lab::new();
    lab.write(name, bytes);
    let said = lab.run(tiny_scan(&format!("{name} -o out --emit all")));
    said.check(0, &[name, "damaged"]);
    let (findings, rejected) = (lab.lines("out/findings.jsonl"), lab.lines("out/rejected.jsonl"));
    assert!(findings.len() > 100, "{name}: only {} posts before the damage", findings.len());
    let last = rejected.last().unwrap()["reason"].as_str().unwrap();
    assert!(last.contains("damaged"), "{name}: {last}");
    let run = lab.json("out/run.json");
    assert_eq!((&run["inputs"][0]["damaged"], &run["inputs"][0]["sha256"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(run["counts"]["read"], findings.len() + rejected.len());
    lab.run(tiny_scan(&format!("{name} -o strict --max-errors 0"))).check(3, &[]);
    lab.run(tiny_scan(&format!("{name} -o failing --on-error fail"))).check(1, &[name]);
}

#[test]
fn truncated_packed_exports_are_read_as_far_as_they_go() {
    let rows = export(2_000);
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(&rows).unwrap();
    let gz = gz.finish().unwrap();
    check_broken_off("posts.jsonl.gz", &gz[..gz.len() * 2 / 3]);
    // Several blocks, so that some are whole.
    let mut zst = zstd::Encoder::new(Vec::new(), 1).unwrap();
    for part in rows.chunks(rows.len() / 8) {
        zst.write_all(part).unwrap();
        zst.flush().unwrap();
    }
    let zst = zst.finish().unwrap();
    check_broken_off("posts.jsonl.zst", &zst[..zst.len() * 2 / 3]);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_named() {
    let lab = with_three_rows();
    let said = lab.run(tiny_scan("posts.jsonl -o posts.jsonl/out"));
    said.check(1, &["cannot open posts.jsonl/out for writing", "--out"]);
    assert!(Path::new(&lab.path("posts.jsonl")).is_file());
}

/// What is written for labelled records shows a full disk only with the last bytes.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_whichever_command_writes() {
    let lab = Lab::new();
    let record = |id: &str, text: &str, suspect: bool, patterns: &[&str]| {
        let label = serde_json::json!({
            "context": "offer", "suspect": suspect, "patterns": patterns, "indicators": [], "origin": [], "destination": [],
        });
        let source = "authored:one";
        serde_json::json!({"id": id, "text": text, "lang": "en", "channel": "group_message", "source": source, "label": label})
    };
    let (bait, honest) = (record("s", SUSPECT, true, &["job_fraud"]), record("c", super::CLEAR, false, &[]));
    lab.write("records.jsonl", format!("{bait}\n{honest}\n"));
    lab.write("table.csv", "text,label\nCooks wanted in Riga,0\n");
    for command in
        ["split records.jsonl", "evade records.jsonl", "import table.csv --format csv", "sample --from records.jsonl --posts 20"]
    {
        let said = lab.run(format!("datasets {command} -o /dev/full").split(' '));
        said.check(1, &["cannot write /dev/full; free space or choose another file"]);
    }
}
