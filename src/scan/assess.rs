//! [`Assessor`]: posts → findings. The part of the corridor that `scan`, `explain` and `eval` share.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::reader::{Keyed, Reader, Reading, Weigh};
use super::{Emit, ScanError};
use crate::attribution::Attribution;
use crate::campaign;
use crate::classifier::{Classifier, Engine, Logits, ModelError, ModelFolder};
use crate::contacts::{self, Contact, ContactKind};
use crate::finding::Finding;
use crate::lists::{ListKind, ListMatch, Lists};
use crate::patterns;
use crate::post::Post;
use crate::regions::inference::{self, MOVED, Moves};
use crate::regions::{self, Regions};
use crate::terms::{self, Terms};
use crate::text::{self, Language, NormalText, NotAssessed, SupportedScripts};
use crate::tokens::Tokenizer;
use crate::verdict::{Judge, Label, Verdict};

/// Everything needed to judge posts with one model.
pub struct Assessor {
    tokenizer: Tokenizer,
    reader: Reader,
    judge: Judge,
    scripts: SupportedScripts,
    /// Which findings are written; none where they are only counted.
    output: Option<Emit>,
    lists: Lists,
}

/// Wall time by stage and work done, summed over chunks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Work {
    /// Folding, language, tokens, places.
    pub prepare: Duration,
    /// The model, and verdicts from what it says.
    pub model: Duration,
    /// Which words moved the verdicts on suspects that are shown.
    pub attribute: Duration,
    /// Rules, contacts, terms and lists.
    pub judge: Duration,
    /// Tokens the model read for its verdicts.
    pub tokens: u64,
    /// Posts with the tokens of an earlier one, which the model did not read again.
    pub repeated: u64,
}

/// What the model says of one post, judged.
struct Judged {
    verdict: Verdict,
    /// What it makes of the countries the post has to do with.
    moves: Option<Moves>,
}

/// What preparation makes of one post.
struct Prepared {
    text: NormalText,
    language: Language,
    regions: Regions,
    tokens: Result<Keyed, NotAssessed>,
}

impl Assessor {
    /// Puts the parts together. `languages` are the tags the model knows; none means any script is read.
    #[must_use]
    pub fn new(tokenizer: Tokenizer, classifier: Box<dyn Classifier>, judge: Judge, languages: &[String]) -> Self {
        let scripts = SupportedScripts::of_languages(languages);
        Self {
            tokenizer,
            reader: Reader::new(classifier, DEFAULT_BATCH_TOKENS),
            judge,
            scripts,
            output: None,
            lists: Lists::default(),
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
        check_places(folder)?;
        let (tokenizer, classifier) = rayon::join(
            || Tokenizer::load(&folder.tokenizer(), config.prefix(), config.max_length()),
            || folder.classifier(labels, engine),
        );
        let (tokenizer, classifier) = (tokenizer?, classifier?);
        let judge = judge(classifier.labels().clone());
        let languages: &[String] = config.lurescan.as_ref().map_or(&[], |lure| &lure.languages);
        Ok(Self::new(tokenizer, classifier, judge, languages))
    }

    /// Padded tokens of one batch at most.
    #[must_use]
    pub fn with_batch_tokens(mut self, batch_tokens: usize) -> Self {
        self.reader.batch_tokens = batch_tokens;
        self
    }

    /// Lists that posts are held against.
    #[must_use]
    pub fn with_lists(mut self, lists: Lists) -> Self {
        self.lists = lists;
        self
    }

    /// Which findings will be written and so need evidence; the others are only counted.
    #[must_use]
    pub fn for_output(mut self, emit: Emit) -> Self {
        self.output = Some(emit);
        self
    }

    /// Whether this finding is written. Only then it has evidence.
    #[must_use]
    pub fn writes(&self, finding: &Finding) -> bool {
        match self.output {
            Some(Emit::All) => true,
            Some(Emit::Suspects) => finding.is_lead(),
            None => false,
        }
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
        let Some((judged, reading)) = self.read_and_judge(&prepared, work, stop)? else { return Ok(None) };
        work.model += begun.elapsed();

        let begun = Instant::now();
        let Some(attributions) = self.attribute(&prepared, &judged, &reading, stop)? else { return Ok(None) };
        work.attribute += begun.elapsed();

        let begun = Instant::now();
        let findings = posts
            .into_par_iter()
            .zip(prepared)
            .zip(judged)
            .zip(attributions)
            .map(|(((post, prepared), judged), attribution)| self.finding(post, prepared, judged, attribution))
            .collect();
        work.judge += begun.elapsed();
        Ok(Some(findings))
    }

    fn prepare(&self, post: &Post) -> Result<Prepared, ScanError> {
        let text = NormalText::new(&post.text);
        let language = text::identify(&text);
        let regions = regions::locate(&text, post.region.as_deref());
        let tokens = match text::assessable(&text, &self.scripts) {
            Ok(()) => Ok(Keyed::new(self.tokenizer.encode(text.model())?)),
            Err(why) => Err(why),
        };
        Ok(Prepared { text, language, regions, tokens })
    }

    /// What is judged, in order, and what the model said; none if `stop` is set before it has read all.
    fn read_and_judge(
        &self,
        prepared: &[Prepared],
        work: &mut Work,
        stop: &AtomicBool,
    ) -> Result<Option<(Vec<Judged>, Reading)>, ScanError> {
        let assessed: Vec<&Keyed> = prepared.iter().filter_map(|prepared| prepared.tokens.as_ref().ok()).collect();
        let is_shown = |logits: &Logits| self.output.is_some() && self.judge.judge(logits).label == Label::Suspect;
        let Some(reading) = self.reader.read(&assessed, &is_shown, stop)? else { return Ok(None) };
        work.tokens += reading.read.iter().map(|&at| assessed[at].tokens.ids.len() as u64).sum::<u64>();
        work.repeated += (assessed.len() - reading.read.len()) as u64;
        let mut logits = reading.logits.iter();
        let judge = |prepared: &Prepared| match &prepared.tokens {
            Ok(_) => {
                let logits = logits.next().ok_or_else(unanswered)?;
                Ok(Judged { verdict: self.judge.judge(logits), moves: inference::moves(&logits.place_moves) })
            }
            Err(why) => Ok(Judged { verdict: Verdict::from(*why), moves: None }),
        };
        let judged = prepared.iter().map(judge).collect::<Result<_, ModelError>>()?;
        Ok(Some((judged, reading)))
    }

    /// Which words moved the verdicts, in order, on suspects that are written; none if `stop` is set.
    fn attribute<'p>(
        &self,
        prepared: &'p [Prepared],
        judged: &[Judged],
        reading: &Reading,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<Attribution>>, ScanError> {
        let weigh = |(prepared, judged): (&'p Prepared, &Judged)| match (&prepared.tokens, &judged.verdict.scores) {
            (Ok(keyed), Some(scores)) if self.output.is_some() && judged.verdict.label == Label::Suspect => {
                let text = prepared.text.model();
                let seen = scores.indicators.iter().map(|(id, _)| *id).collect();
                Ok(Some(Weigh { keyed, text, pieces: self.tokenizer.pieces(text)?, seen }))
            }
            _ => Ok(None),
        };
        let asked: Vec<Option<Weigh<'p>>> = prepared.par_iter().zip(judged).map(weigh).collect::<Result<_, ScanError>>()?;
        let texts: Vec<&Weigh<'p>> = asked.iter().flatten().collect();
        let Some(found) = self.reader.attributions(&texts, reading, stop)? else { return Ok(None) };
        let mut found = found.iter();
        let in_post = |(prepared, asked): (&Prepared, &Option<Weigh<'_>>)| match asked {
            Some(asked) => Ok(found.next().ok_or_else(unanswered)?.in_post(&prepared.text, &asked.pieces)),
            None => Ok(Attribution::default()),
        };
        Ok(Some(prepared.iter().zip(&asked).map(in_post).collect::<Result<_, ModelError>>()?))
    }

    fn finding(&self, post: Post, prepared: Prepared, judged: Judged, attribution: Attribution) -> Finding {
        let Judged { verdict, moves } = judged;
        let truncated = prepared.tokens.as_ref().is_ok_and(|keyed| keyed.tokens.truncated);
        let Prepared { text, language: lang, regions, .. } = prepared;
        let context = verdict.scores.as_ref().and_then(|scores| scores.context).map(|(context, _)| context);
        // Of every post: countries are counted for the posts that are not shown too.
        let contacts = contacts::find(&text);
        let regions = Regions { called: contacts::called(&post.text, &contacts), ..regions };
        let regions = regions.inferred(&lang.tag, context, moves.as_ref());
        let mut finding = Finding {
            post,
            lang,
            verdict,
            evidence: Vec::new(),
            attribution,
            regions,
            terms: Terms::default(),
            contacts,
            campaign: None,
            matches: Vec::new(),
            disguises: text.disguises(),
            truncated,
        };
        // Every post is held against the lists; the rest is found where it is shown.
        finding.matches = self.lists.find(&finding.post.text, &text, &finding.contacts);
        if self.writes(&finding) {
            // Before contacts of a list join those of the text: a campaign's name must not depend on who scans.
            finding.campaign = campaign::campaign(&finding.post.text, &text, &finding.contacts);
            hide(&finding.matches, &mut finding.contacts);
            finding.evidence = patterns::find(&text);
            finding.terms = terms::find(&text, &finding.lang, &finding.regions, &finding.contacts);
            finding.evidence.extend(terms::pay::implausible(&text, &finding.lang, &finding.terms.sums));
            finding.evidence.sort_unstable_by_key(|evidence| (evidence.span, evidence.indicator));
            finding.settle();
        }
        finding
    }
}

/// A post that nothing is said of must stop the run: called too short, it would stay unread without anyone's knowing.
fn unanswered() -> ModelError {
    ModelError::broken("it gave no answer for a post".to_owned())
}

/// A model's head on places must speak of the facts that this build weighs.
fn check_places(folder: &ModelFolder) -> Result<(), ModelError> {
    let facts = folder.config.lurescan.as_ref().map_or(&[] as &[String], |lure| &lure.place_facts);
    if facts.is_empty() || facts == MOVED {
        return Ok(());
    }
    let reason = format!("its place_facts are {facts:?}; this build weighs {MOVED:?}: train or fetch the model again");
    Err(ModelError::Unsupported { path: folder.path().join("config.json"), reason })
}

/// A known channel is a contact, though its shape may not tell.
fn hide(matches: &[ListMatch], contacts: &mut Vec<Contact>) {
    let known = matches.iter().filter(|found| found.list == ListKind::KnownChannels);
    for span in known.flat_map(|found| std::iter::once(&found.span).chain(&found.again)) {
        if !contacts.iter().any(|contact| contact.span.overlaps(*span)) {
            contacts.push(Contact { kind: ContactKind::Handle, span: *span });
        }
    }
    contacts.sort_unstable_by_key(|contact| contact.span);
}

/// Small enough that a chunk makes several batches for every core, and that those in hand take little memory: 2,048 tokens of 384 values
/// are 3 MiB a thread. Large enough that cutting and scattering cost nothing. What must lie in a core's cache does not hang on it: the
/// engine takes a batch in groups of sequences and blocks of rows.
pub const DEFAULT_BATCH_TOKENS: usize = 2048;
