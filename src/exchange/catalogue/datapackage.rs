//! Data Package, the metadata that statistics portals read. Checked with `frictionless` (see CONTRIBUTING.md).

use serde_json::{Value, json};

use super::FileFacts;
use super::columns::{COLUMNS, Column, Kind};
use crate::labelled::SetFacts;

/// The document. It lists the CSV file alone: its validators open every file as a table, and not every one can read the others.
pub(super) fn json(facts: &SetFacts, files: &[FileFacts]) -> Value {
    json!({
        "profile": "data-package",
        "name": facts.name,
        "title": facts.title,
        "description": facts.description,
        "version": facts.version,
        "homepage": facts.url,
        "created": format!("{}T00:00:00Z", facts.published),
        "keywords": facts.keywords,
        "licenses": [{"name": facts.license, "path": facts.license_url}],
        "contributors": [{"title": facts.creator, "role": "author"}],
        "resources": files.iter().filter(|file| file.media == "text/csv").map(resource).collect::<Vec<_>>(),
    })
}

fn resource(file: &FileFacts) -> Value {
    json!({
        "name": file.name.replace('.', "-"),
        "path": file.name,
        "format": "csv",
        "mediatype": file.media,
        "bytes": file.size,
        "hash": format!("sha256:{}", file.sha256),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {
            "fields": COLUMNS.iter().map(field).collect::<Vec<_>>(),
            "primaryKey": ["id"],
            "missingValues": [""],
        },
    })
}

fn field(column: &Column) -> Value {
    let about =
        if column.kind == Kind::List { format!("{}; a space between any two", column.about) } else { column.about.to_owned() };
    let mut constraints = json!({});
    if !column.optional && column.kind != Kind::List {
        constraints["required"] = json!(true);
    }
    if column.name == "id" {
        constraints["unique"] = json!(true);
    }
    json!({
        "name": column.name,
        "description": about,
        "type": if column.kind == Kind::Switch { "boolean" } else { "string" },
        "constraints": constraints,
    })
}
