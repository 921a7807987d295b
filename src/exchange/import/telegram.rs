//! `result.json` of Telegram Desktop: one chat, or all of an account. Nobody has judged these posts, so nothing is decided.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{Common, ImportError, Imported};
use crate::labelled::{Line, LineLabel};

#[derive(Deserialize)]
struct Account {
    chats: Chats,
}

#[derive(Deserialize)]
struct Chats {
    list: Vec<Chat>,
}

#[derive(Deserialize)]
struct Chat {
    #[serde(default)]
    id: i64,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    date_unixtime: Option<String>,
    #[serde(default)]
    text: Value,
}

/// Reads an export. Names of chats and senders stay behind; service messages and messages without text are no posts.
pub fn telegram(path: &Path, bytes: &[u8], common: &Common) -> Result<Imported, ImportError> {
    let failed = |reason: String| ImportError::Form { path: path.to_owned(), reason };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| failed(format!("no JSON: {error}")))?;
    let chats = if value.get("chats").is_some() {
        serde_json::from_value::<Account>(value).map(|account| account.chats.list)
    } else {
        serde_json::from_value::<Chat>(value).map(|chat| vec![chat])
    };
    let chats = chats.map_err(|error| {
        failed(format!("{error}; expected the result.json that Telegram Desktop writes with the format Machine-readable JSON"))
    })?;
    let mut imported = Imported::default();
    for chat in chats {
        for message in chat.messages.iter().filter(|message| message.kind == "message") {
            let text = words(&message.text);
            if text.trim().is_empty() {
                imported.empty += 1;
                continue;
            }
            let moment =
                message.date_unixtime.as_deref().and_then(|seconds| jiff::Timestamp::from_second(seconds.parse().ok()?).ok());
            imported.lines.push(Line {
                id: format!("{}-{}-{}", common.name, chat.id, message.id),
                lang: common.lang(&text),
                text,
                title: None,
                channel: common.channel.clone(),
                region: None,
                posted_at: moment.map(|moment| moment.to_string()),
                group: None,
                split: None,
                label: LineLabel::default(),
                source: format!("imported:{}", common.name),
            });
        }
    }
    Ok(imported)
}

/// A text is a string, or a list of strings and of pieces with a kind (bold, link, mention) and a text of their own.
fn words(text: &Value) -> String {
    match text {
        Value::String(words) => words.clone(),
        Value::Array(pieces) => {
            pieces.iter().map(|piece| piece.as_str().or_else(|| piece["text"].as_str()).unwrap_or_default()).collect()
        }
        _ => String::new(),
    }
}
