//! Bodies in HTML become text; everything else passes untouched.

use super::{read, texts};

/// The text a post with this body has.
fn text(body: &str) -> String {
    let row = format!("{{\"text\":{}}}", serde_json::to_string(body).expect("a JSON string"));
    let (posts, rejected) = read("a.jsonl", row);
    rejected.first().map_or_else(|| texts(&posts)[0].to_owned(), |row| format!("rejected: {}", row.reason))
}

#[test]
fn plain_text_passes_byte_for_byte() {
    for body in [
        "I <3 this job",
        "salary < 500 and > 300, a<b>c",
        "  spaces  and\r\n\r\n\ttabs\u{a0}stay \n",
        "AT&T; R&D &unknown; &copy 2024 ?a=1&b=2",
        "write to <anna@example.org> or <https://example.org/x>",
        "Use the <p> tag and the <b> tag",
        "<- arrow -> <<wow>> <!> </> < p >",
        "if (a<b && c>d) x</y",
        "\u{202e}gnp.exe \u{200b}zero",
        "&#0; &#xD800; &#99999999; &#; &#x;",
    ] {
        assert_eq!(text(body), body);
    }
}

#[test]
fn markup_is_dropped_and_lines_are_kept() {
    insta::assert_snapshot!(
        [
            "<p>One <b>bold</b> word.</p>\n<p>Two</p>",
            "first<br>second<BR/>third",
            "<ul><li>free visa</li><li>free flat</li></ul>",
            "<table><tr><td>Pay</td><td>900</td></tr></table>",
            "line one\n<b>line two</b>\nline three",
            "<div>call <a href=\"tel:1\">me</a><script>steal()</script><style>p{}</style></div>",
            "&lt;p&gt;escaped &amp;amp; once more&lt;/p&gt;",
            "plain &amp; simple\n\n&gt; quoted&nbsp;reply &#39;ok&#39; &#x1F600; &#146;",
        ]
        .map(text)
        .join("\n---\n"),
        @r"
    One bold word.

    Two
    ---
    first
    second
    third
    ---
    free visa
    free flat
    ---
    Pay
    900
    ---
    line one
    line two
    line three
    ---
    call me
    ---
    escaped & once more
    ---
    plain & simple

    > quoted reply 'ok' 😀 ’
    "
    );
}

#[test]
fn hostile_markup_is_rejected_in_time() {
    assert!(text(&"<div>".repeat(20_000)).starts_with("rejected: the HTML of the text is nested more than"));
    assert!(
        text(&format!("<p><svg>{}", "<td title='<'>".repeat(10_000)))
            .starts_with("rejected: the HTML of the text is nested more than")
    );
    assert!(text(&"<p>a</p>".repeat(40_000)).starts_with("rejected: the HTML of the text is larger than"));
    assert!(text(&"<p>a".repeat(20_000)).starts_with("a\n\na"), "paragraphs left open do not nest");
    assert_eq!(text("<table><tr><td colspan=999999999>a</td></tr></table>"), "a");
}
