//! STUB until the room's author lands it.
use crate::evidence::Span;
use crate::text::NormalText;
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind { Phone, Email, Url, Handle, Wallet }
impl ContactKind { pub fn id(self) -> &'static str { "phone" } }
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contact { pub kind: ContactKind, pub span: Span }
pub fn find(_: &NormalText) -> Vec<Contact> { Vec::new() }
pub fn mask(text: &str, _: &[Contact]) -> String { text.to_owned() }
pub fn key(_: &[u8], _: &str) -> String { String::new() }
