//! `datasets import`: sets of others.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::say;
use super::args::{ImportArgs, ImportFormat};
use super::write_to;
use crate::exchange::import::{Columns, Common, Imported, Known, emscad, table, telegram};
use crate::typology::{Context as PostContext, PatternId};

pub(super) fn run(args: &ImportArgs, log: LogFormat) -> Result<Exit> {
    let path = &args.input;
    let packed = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let digest = format!("{:x}", Sha256::digest(&packed));
    let known = (args.format == ImportFormat::Emscad).then(|| Known::named("emscad")).flatten();
    let pinned = args.sha256.as_deref().or_else(|| known.and_then(|known| known.sha256));
    if let Some(wanted) = pinned.filter(|wanted| !wanted.eq_ignore_ascii_case(&digest)) {
        bail!("{} has the SHA-256 {digest}, not {wanted}; fetch it again, or leave out --sha256", path.display());
    }
    let bytes = unpacked(path, packed)?;
    let imported = read(args, &bytes)?;
    write_to(&args.out, |out| imported.lines.iter().try_for_each(|line| writeln!(out, "{}", line.to_json())))?;
    report(&imported, known, &digest, log);
    Ok(Exit::Done)
}

fn read(args: &ImportArgs, bytes: &[u8]) -> Result<Imported> {
    let path = &args.input;
    let stem = path.file_name().map(|name| name.to_string_lossy().split('.').next().unwrap_or_default().to_owned());
    let default = |name: Option<&str>, channel: &str| Common {
        name: args.name.clone().or(name.map(str::to_owned)).or_else(|| stem.clone()).unwrap_or_default(),
        lang: args.lang.clone(),
        channel: args.channel.clone().unwrap_or_else(|| channel.to_owned()),
    };
    Ok(match args.format {
        ImportFormat::Emscad => emscad(path, bytes, &default(Some("emscad"), "job_post"))?,
        ImportFormat::Telegram => telegram(path, bytes, &default(None, "group_message"))?,
        ImportFormat::Csv => {
            if PatternId::parse(&args.pattern).is_none() {
                bail!("--pattern {}: no such pattern; `lurescan typology` lists them", args.pattern);
            }
            if PostContext::parse(&args.negative_context).is_none() {
                bail!("--negative-context {}: no such context", args.negative_context);
            }
            let small = |list: &[String]| list.iter().map(|value| value.trim().to_lowercase()).collect();
            let columns = Columns {
                positive: small(&args.positive),
                negative: small(&args.negative),
                pattern: args.pattern.clone(),
                negative_context: args.negative_context.clone(),
                ..Columns::parse(args.columns.as_deref()).map_err(|reason| anyhow!(reason))?
            };
            table(path, bytes, &columns, &default(None, "job_post"))?
        }
    })
}

fn unpacked(path: &Path, packed: Vec<u8>) -> Result<Vec<u8>> {
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Ok(packed);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot unpack {}", path.display()))?;
    Ok(bytes)
}

fn report(imported: &Imported, known: Option<&Known>, digest: &str, log: LogFormat) {
    let count = |answer: Option<bool>| imported.lines.iter().filter(|line| line.label.suspect == answer).count();
    let (suspects, clear, open) = (count(Some(true)), count(Some(false)), count(None));
    say(
        log,
        &format!(
            "{} lines: {suspects} suspect, {clear} not, {open} undecided; {} rows without text",
            imported.lines.len(),
            imported.empty
        ),
    );
    say(log, &format!("sha256 {digest}; --sha256 refuses any other file"));
    if let Some(known) = known
        && (imported.lines.len() + imported.empty != known.rows || suspects != known.suspects)
    {
        say(
            log,
            &format!(
                "{} publishes {} rows, {} of them fraudulent: this is another version or a part",
                known.source, known.rows, known.suspects
            ),
        );
    }
}
