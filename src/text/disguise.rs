//! [`Disguise`]: which ways of hiding words were undone in a text. Reports name them; no verdict depends on them.

/// One way of hiding words from a machine while people still read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Disguise {
    /// Characters without width inside a word.
    Invisible,
    /// Mathematical, circled, squared, small-capital or flag letters in place of plain ones.
    StyledLetters,
    /// Piles of combining marks, or letters struck through.
    StackedMarks,
    /// Letters stored backwards and turned round by a direction override.
    Reversed,
    /// Letters of another script that look alike.
    LookAlikes,
    /// Digits and signs in place of letters.
    Leet,
    /// Spaces or dots between the letters of a word.
    Spacing,
    /// Burmese in the Zawgyi encoding: a habit, not a trick, but unreadable to a machine all the same.
    Zawgyi,
}

impl Disguise {
    /// Every disguise, in the order of this file.
    pub const ALL: [Self; 8] = [
        Self::Invisible,
        Self::StyledLetters,
        Self::StackedMarks,
        Self::Reversed,
        Self::LookAlikes,
        Self::Leet,
        Self::Spacing,
        Self::Zawgyi,
    ];

    /// The id used in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::StyledLetters => "styled_letters",
            Self::StackedMarks => "stacked_marks",
            Self::Reversed => "reversed",
            Self::LookAlikes => "look_alikes",
            Self::Leet => "leet",
            Self::Spacing => "spacing",
            Self::Zawgyi => "zawgyi",
        }
    }
}

/// A set of [`Disguise`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disguises(u8);

impl Disguises {
    /// Adds one.
    pub fn insert(&mut self, disguise: Disguise) {
        self.0 |= 1 << disguise as u8;
    }

    /// Whether it was undone.
    #[must_use]
    pub fn contains(self, disguise: Disguise) -> bool {
        self.0 & (1 << disguise as u8) != 0
    }

    /// Nothing was undone.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The disguises in it.
    pub fn iter(self) -> impl Iterator<Item = Disguise> {
        Disguise::ALL.into_iter().filter(move |disguise| self.contains(*disguise))
    }
}
