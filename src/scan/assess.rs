//! [`Assessor`]: posts → findings. The part of the corridor that `scan`, `explain` and `eval` share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::repeats::{Key, Repeats};
use super::{Emit, ScanError};
use crate::classifier::{Classifier, Engine, Logits, ModelFolder};
use crate::contacts;
use crate::finding::Finding;
use crate::patterns;
use crate::post::Post;
use crate::regions::{self, Regions};
use crate::text::{self, Language, NormalText, NotAssessed, SupportedScripts};
use crate::tokens::{Batch, Tokenizer, Tokens, plan};
use crate::verdict::{Judge, Label, Verdict};

/// Everything needed to judge posts with one model.
pub struct Assessor {
    tokenizer: Tokenizer,
    classifier: Box<dyn Classifier>,
    judge: Judge,
    scripts: SupportedScripts,
    batch_tokens: usize,
    detailed: Emit,
    repeats: Mutex<Repeats>,
}

/// Wall time by stage and work done, summed over chunks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Work {
    /// Folding, language, tokens, places.
    pub prepare: Duration,
    /// The model.
    pub model: Duration,
    /// Verdicts, rules and contacts.
    pub judge: Duration,
    /// Tokens the model read, padding not counted.
    pub tokens: u64,
    /// Posts with the tokens of an earlier one, which the model did not read again.
    pub repeated: u64,
}

/// What preparation makes of one post.
struct Prepared {
    text: NormalText,
    language: Language,
    regions: Regions,
    tokens: Result<Tokens, NotAssessed>,
}

impl Assessor {
    /// Puts the parts together. `languages` are the tags the model knows; none means any script is read.
    #[must_use]
    pub fn new(tokenizer: Tokenizer, classifier: Box<dyn Classifier>, judge: Judge, languages: &[String]) -> Self {
        let scripts = SupportedScripts::of_languages(languages);
        Self {
            tokenizer,
            classifier,
            judge,
            scripts,
            batch_tokens: DEFAULT_BATCH_TOKENS,
            detailed: Emit::Suspects,
            repeats: Mutex::default(),
        }
    }

    /// Loads tokenizer and classifier of a model folder. `judge` is given the model's labels.
    pub fn open(
        folder: &ModelFolder,
        labels: Option<crate::classifier::LabelMap>,
        engine: Engine,
        judge: impl FnOnce(crate::classifier::Labels) -> Judge,
    ) -> Result<Self, ScanError> {
        let config = &folder.config;
        let tokenizer = Tokenizer::load(&folder.tokenizer(), config.prefix(), config.max_length())?;
        let classifier = folder.classifier(labels, engine)?;
        let judge = judge(classifier.labels().clone());
        let languages: &[String] = config.lurescan.as_ref().map_or(&[], |lure| &lure.languages);
        Ok(Self::new(tokenizer, classifier, judge, languages))
    }

    /// Padded tokens of one batch at most.
    #[must_use]
    pub fn with_batch_tokens(mut self, batch_tokens: usize) -> Self {
        self.batch_tokens = batch_tokens;
        self
    }

    /// Which findings will be written and so need evidence and contacts; the others are only counted.
    #[must_use]
    pub fn for_output(mut self, emit: Emit) -> Self {
        self.detailed = emit;
        self
    }

    /// Findings of a chunk of posts, in order.
    pub fn assess(&self, posts: Vec<Post>, work: &mut Work) -> Result<Vec<Finding>, ScanError> {
        let findings = self.assess_until(posts, work, &AtomicBool::new(false))?;
        Ok(findings.unwrap_or_default())
    }

    /// Findings of a chunk of posts, in order; none of them if `stop` is set before the model has read all: whoever presses
    /// Ctrl-C waits for a batch, not for a chunk.
    pub fn assess_until(&self, posts: Vec<Post>, work: &mut Work, stop: &AtomicBool) -> Result<Option<Vec<Finding>>, ScanError> {
        let begun = Instant::now();
        let prepared: Vec<Prepared> = posts.par_iter().map(|post| self.prepare(post)).collect::<Result<_, _>>()?;
        work.prepare += begun.elapsed();

        let begun = Instant::now();
        let Some(logits) = self.read(&prepared, work, stop)? else { return Ok(None) };
        work.model += begun.elapsed();

        let begun = Instant::now();
        let findings = posts
            .into_par_iter()
            .zip(prepared)
            .zip(logits)
            .map(|((post, prepared), logits)| self.finding(post, prepared, logits.as_ref()))
            .collect();
        work.judge += begun.elapsed();
        Ok(Some(findings))
    }

    fn prepare(&self, post: &Post) -> Result<Prepared, ScanError> {
        let text = NormalText::new(&post.text);
        let language = text::identify(&text);
        let regions = regions::locate(&text, post.region.as_deref()).with_language(&language.tag);
        let tokens = match text::assessable(&text, &self.scripts) {
            Ok(()) => Ok(self.tokenizer.encode(text.model())?),
            Err(why) => Err(why),
        };
        Ok(Prepared { text, language, regions, tokens })
    }

    /// Logits by position; none where the post is not assessed. Of posts with the same tokens one is read.
    fn read(&self, prepared: &[Prepared], work: &mut Work, stop: &AtomicBool) -> Result<Option<Vec<Option<Logits>>>, ScanError> {
        // One chunk is in hand at a time, so nobody waits; a panic elsewhere cannot have left half an entry.
        let mut repeats = self.repeats.lock().unwrap_or_else(PoisonError::into_inner);
        let mut logits = vec![None; prepared.len()];
        let mut unread: Vec<(Key, &Tokens)> = Vec::new();
        // By key, the posts that wait for what the model says.
        let mut waiting: HashMap<Key, Vec<usize>> = HashMap::new();
        let mut assessed = 0;
        for (at, tokens) in prepared.iter().enumerate().filter_map(|(at, prepared)| Some((at, prepared.tokens.as_ref().ok()?))) {
            assessed += 1;
            let key = Repeats::key(tokens);
            if let Some(known) = repeats.recall(&key) {
                logits[at] = Some(known);
                continue;
            }
            let posts = waiting.entry(key).or_default();
            if posts.is_empty() {
                unread.push((key, tokens));
            }
            posts.push(at);
        }
        let tokens: Vec<&Tokens> = unread.iter().map(|(_, tokens)| *tokens).collect();
        let Some(read) = self.read_all(&tokens, stop)? else { return Ok(None) };
        work.tokens += tokens.iter().map(|tokens| tokens.ids.len() as u64).sum::<u64>();
        work.repeated += assessed - unread.len() as u64;
        for ((key, _), read) in unread.into_iter().zip(read) {
            for at in waiting.remove(&key).unwrap_or_default() {
                logits[at] = Some(read.clone());
            }
            repeats.keep(key, read);
        }
        Ok(Some(logits))
    }

    /// Logits of sequences, in order. Batches run side by side, one core each.
    fn read_all(&self, tokens: &[&Tokens], stop: &AtomicBool) -> Result<Option<Vec<Logits>>, ScanError> {
        let lengths: Vec<usize> = tokens.iter().map(|tokens| tokens.ids.len()).collect();
        let (order, ranges) = plan(&lengths, self.batch_tokens);
        let batches: Option<Vec<Vec<Logits>>> = ranges
            .par_iter()
            .with_max_len(1)
            .map(|range| {
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let batch: Batch = order[range.clone()].iter().map(|&at| tokens[at]).collect();
                self.classifier.logits(&batch).map(Some)
            })
            .collect::<Result<_, _>>()?;
        let Some(batches) = batches else { return Ok(None) };
        let mut read: Vec<(usize, Logits)> = order.into_iter().zip(batches.into_iter().flatten()).collect();
        read.sort_by_key(|(at, _)| *at);
        Ok(Some(read.into_iter().map(|(_, logits)| logits).collect()))
    }

    fn finding(&self, post: Post, prepared: Prepared, logits: Option<&Logits>) -> Finding {
        let truncated = prepared.tokens.as_ref().is_ok_and(|tokens| tokens.truncated);
        let verdict = match (prepared.tokens, logits) {
            (Err(why), _) => Verdict::from(why),
            (Ok(_), Some(logits)) => self.judge.judge(logits),
            (Ok(_), None) => Verdict::from(NotAssessed::TooShort),
        };
        let detailed = self.detailed == Emit::All || verdict.label == Label::Suspect;
        let (evidence, contacts) =
            if detailed { (patterns::find(&prepared.text), contacts::find(&prepared.text)) } else { (Vec::new(), Vec::new()) };
        Finding { post, lang: prepared.language, verdict, evidence, regions: prepared.regions, contacts, truncated }
    }
}

/// Small enough that a batch's activations stay in the second-level cache, large enough that products run at full rate.
pub const DEFAULT_BATCH_TOKENS: usize = 2048;
