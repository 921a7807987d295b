//! Croissant 1.0, the metadata that machine-learning catalogues read. Checked with `mlcroissant` (see CONTRIBUTING.md).

use serde_json::{Value, json};

use super::columns::{COLUMNS, Column, Kind};
use super::{FileFacts, LIST_SEPARATOR};
use crate::labelled::SetFacts;

/// The document; its records are read from the CSV file.
pub(super) fn json(facts: &SetFacts, files: &[FileFacts]) -> Value {
    let table = files.iter().find(|file| file.media == "text/csv").map_or("", |file| &file.name);
    json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": facts.name,
        "alternateName": facts.title,
        "description": facts.description,
        "version": facts.version,
        "license": facts.license_url,
        "creator": {"@type": "Organization", "name": facts.creator},
        "url": facts.url,
        "datePublished": facts.published,
        "citeAs": facts.citation,
        "keywords": facts.keywords,
        "distribution": files.iter().map(file).collect::<Vec<_>>(),
        "recordSet": [{
            "@type": "cr:RecordSet",
            "@id": "records",
            "name": "records",
            "description": "One labelled post each",
            "key": {"@id": "records/id"},
            "field": COLUMNS.iter().map(|column| field(column, table)).collect::<Vec<_>>(),
        }],
    })
}

fn file(file: &FileFacts) -> Value {
    json!({
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": format!("{} B", file.size),
        "encodingFormat": file.media,
        "sha256": file.sha256,
    })
}

fn field(column: &Column, table: &str) -> Value {
    let mut field = json!({
        "@type": "cr:Field",
        "@id": format!("records/{}", column.name),
        "name": column.name,
        "description": column.about,
        "dataType": if column.kind == Kind::Switch { "sc:Boolean" } else { "sc:Text" },
        "source": {"fileObject": {"@id": table}, "extract": {"column": column.name}},
    });
    if column.kind == Kind::List {
        field["repeated"] = json!(true);
        field["source"]["transform"] = json!({"separator": LIST_SEPARATOR});
    }
    field
}

/// The terms of the vocabulary, as the specification lists them.
fn context() -> Value {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    });
    let own = [
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ];
    for term in own {
        context[term] = json!(format!("cr:{term}"));
    }
    context
}
