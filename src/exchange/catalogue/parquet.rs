//! The table as Parquet: strings, a switch and lists, written column by column.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::columns::{COLUMNS, Column, Kind};
use super::{CatalogueError, Row};

/// The file's bytes.
pub(super) fn bytes(rows: &[Row], name: &str) -> Result<Vec<u8>, CatalogueError> {
    table(rows).map_err(|error| CatalogueError::Form { path: format!("{name}.parquet"), reason: error.to_string() })
}

fn table(rows: &[Row]) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(parse_message_type(&message())?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for column in &COLUMNS {
        write(&mut group, column, rows)?;
    }
    group.close()?;
    file.into_inner()
}

/// The schema in Parquet's own words. Lists have the three levels that the format asks for.
fn message() -> String {
    let fields = COLUMNS.iter().map(|column| {
        let (need, name) = (if column.optional { "optional" } else { "required" }, column.name);
        match column.kind {
            Kind::Text => format!("{need} binary {name} (UTF8);"),
            Kind::Switch => format!("{need} boolean {name};"),
            Kind::List => format!("{need} group {name} (LIST) {{ repeated group list {{ required binary element (UTF8); }} }}"),
        }
    });
    format!("message record {{ {} }}", fields.collect::<Vec<_>>().join(" "))
}

fn write(group: &mut SerializedRowGroupWriter<Vec<u8>>, column: &Column, rows: &[Row]) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General(format!("the schema has no column {}", column.name)));
    };
    match column.kind {
        Kind::Switch => {
            let values: Vec<bool> = rows.iter().map(Row::switch).collect();
            writer.typed::<BoolType>().write_batch(&values, None, None)?;
        }
        Kind::Text => {
            let cells: Vec<Option<&str>> = rows.iter().map(|row| row.text(column.name)).collect();
            let values: Vec<ByteArray> = cells.iter().flatten().map(|cell| ByteArray::from(*cell)).collect();
            let defined: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, column.optional.then_some(&defined), None)?;
        }
        Kind::List => {
            let levels = Levels::of(rows, column);
            writer.typed::<ByteArrayType>().write_batch(&levels.values, Some(&levels.defined), Some(&levels.repeated))?;
        }
    }
    writer.close()
}

/// A list column as Parquet stores it: values end to end, and for each how deep it is defined and whether it goes on a list.
#[derive(Default)]
struct Levels {
    values: Vec<ByteArray>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl Levels {
    fn of(rows: &[Row], column: &Column) -> Self {
        let mut levels = Self::default();
        // An optional list has one more level: absent, empty, item; a required one only empty and item.
        let empty = i16::from(column.optional);
        for row in rows {
            let list = row.list(column.name);
            match list.as_deref() {
                None => levels.add(0, 0),
                Some([]) => levels.add(empty, 0),
                Some(items) => {
                    for (at, item) in items.iter().enumerate() {
                        levels.values.push(ByteArray::from(*item));
                        levels.add(empty + 1, i16::from(at > 0));
                    }
                }
            }
        }
        levels
    }

    fn add(&mut self, defined: i16, repeated: i16) {
        self.defined.push(defined);
        self.repeated.push(repeated);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::labelled::{Line, Split};

    #[test]
    fn a_table_reads_back_with_absent_and_empty_lists_apart() {
        let line = |id: &str, more: &str| {
            let json = format!(
                r#"{{"id":"{id}","text":"Cooks","lang":"en","channel":"other","label":{{"context":"offer","suspect":true,"patterns":["job_fraud","study_lure"]{more}}},"source":"authored:a"}}"#
            );
            Line::parse(&json).unwrap().record().unwrap().unwrap()
        };
        let records = [line("a", r#","origin":[],"destination":["LV","EE"]"#), line("b", "")];
        let rows: Vec<Row> = records.iter().map(|record| Row { record, side: Split::Test }).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&table(&rows).unwrap()).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let read: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(read.len(), 2);
        assert!(read[0].contains(r#"patterns: ["job_fraud", "study_lure"]"#), "{}", read[0]);
        assert!(read[0].contains(r#"origin: [], destination: ["LV", "EE"]"#), "{}", read[0]);
        assert!(read[1].contains("indicators: null, origin: null, destination: null"), "{}", read[1]);
    }
}
