//! Markdown to HTML: CommonMark with tables, strikethrough and autolinks; raw HTML is dropped, what comes out is sanitised
//! once more, links open nothing and tell nobody where they came from, and images only by https.

use std::{
    borrow::Cow,
    cell::Cell,
    sync::{Arc, LazyLock},
};

use ammonia::Builder;
use comrak::{Arena, Options, arena_tree::NodeEdge, format_html, html::escape, nodes::AstNode, try_parse_document};
use moka::sync::Cache;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .url_schemes(["https", "http", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .rm_tags(["details", "summary", "map", "area", "bdo"])
        .attribute_filter(|element, attribute, value| fits(element, attribute, value).then_some(Cow::Borrowed(value)))
        .add_generic_attributes(["dir"])
        .set_tag_attribute_value("p", "dir", "auto")
        .set_tag_attribute_value("li", "dir", "auto")
        .set_tag_attribute_value("blockquote", "dir", "auto");
    builder
});

/// Whether an address may stand there: an image is fetched without being asked for, and a path would be one of the page's own host,
/// with the reader's cookie; what begins with two slashes leads to another host, though it looks like a path.
fn fits(element: &str, attribute: &str, value: &str) -> bool {
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    match (element, attribute) {
        ("img", "src") => value.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")),
        (_, "href" | "cite") => !value.starts_with("//"),
        _ => true,
    }
}

/// Parts within each other at most: lists within quotations within lists, emphasis within links.
const DEEPEST: usize = 64;
/// Steps of the parser at most, for each byte of the source, and in all. Tables have cells that nobody wrote, of which each takes
/// a step and some 200 bytes.
const STEPS: (usize, usize) = (8, 300_000);
/// Bytes of HTML at most, for each byte of the source, and in all. Cells with an alignment are what grows most of what people write.
const BYTES: (usize, usize) = (14, 384 << 10);
/// Of either, besides: of what is short, tags are most.
const SPARE: usize = 16 << 10;
/// Steps after which the parser asks whether to go on.
const STRIDE: usize = 256;
/// Bytes of sources and renderings that are remembered.
const REMEMBERED: u64 = 16 << 20;

/// Renderings by their sources. Texts are read far more often than written, and rendering a long one takes milliseconds.
static RENDERED: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| {
    let weigh = |source: &String, html: &Arc<str>| u32::try_from(source.len() + html.len()).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(REMEMBERED).weigher(weigh).build()
});

/// Renders `source` as HTML that is safe to insert into a page. What nests or grows beyond what people write is shown as it was
/// written: sanitising takes time that grows with the square of the depth, and empty cells of tables cost nothing to write.
#[must_use]
pub fn to_html(source: &str) -> String {
    if let Some(html) = RENDERED.get(source) {
        return html.to_string();
    }
    let html = rendered(source).or_else(|| as_written(source)).unwrap_or_default();
    RENDERED.insert(source.to_owned(), html.as_str().into());
    html
}

fn rendered(source: &str) -> Option<String> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    let most = |(each, all): (usize, usize)| all.min(SPARE + each * source.len());
    let steps = Cell::new(0);
    let is_too_much = || {
        steps.set(steps.get() + STRIDE);
        steps.get() > most(STEPS)
    };
    let arena = Arena::new();
    let root = try_parse_document(&arena, source, &options, &is_too_much).ok()?;
    if is_deep(root) {
        return None;
    }
    let mut html = String::new();
    format_html(root, &options, &mut html).ok()?;
    (html.len() <= most(BYTES)).then(|| SANITISER.clean(&html).to_string())
}

fn is_deep<'a>(root: &'a AstNode<'a>) -> bool {
    let mut depth = 0_usize;
    root.traverse().any(|edge| {
        match edge {
            NodeEdge::Start(_) => depth += 1,
            NodeEdge::End(_) => depth -= 1,
        }
        depth > DEEPEST
    })
}

fn as_written(source: &str) -> Option<String> {
    let mut text = String::new();
    escape(&mut text, source).ok()?;
    Some(format!("<pre dir=\"auto\">{text}</pre>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered() {
        let html = to_html(
            "# Title\n\n**bold** [treaty](https://treaties.un.org) [top](#top) [course](/courses/a)\n\n\
             ![A map](HTTPS://example.org/map.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        );
        for part in [
            "<h1>",
            "<strong>bold</strong>",
            "href=\"https://treaties.un.org\"",
            "href=\"#top\"",
            "href=\"/courses/a\"",
            "src=\"HTTPS://example.org/map.png\"",
            "noopener",
            "<td>1</td>",
        ] {
            assert!(html.contains(part), "{part} is missing in {html}");
        }
    }

    #[test]
    fn what_nests_or_grows_beyond_reason_is_shown_as_it_was_written() {
        let row = |cell: &str| format!("{}|\n", format!("|{cell}").repeat(60));
        let table = row("a") + &row("-") + &"a\n".repeat(10_000);
        // Marks that are combined with nothing make it long, and so give it more steps.
        let padded = format!("{}\n{table}", "\u{301}".repeat(100_000));
        for source in [">".repeat(20_000), "- ".repeat(80) + "a", format!("{}<script>", ">".repeat(70)), table, padded] {
            let html = to_html(&source);
            let text = html.strip_prefix("<pre dir=\"auto\">").and_then(|html| html.strip_suffix("</pre>")).expect("as written");
            assert!(!text.contains('<') && html.len() < 6 * source.len());
            assert_eq!(text.replace("&lt;", "<").replace("&gt;", ">"), source);
        }
    }

    #[test]
    fn quotations_within_quotations_and_large_tables_are_rendered() {
        let quoted = to_html(&format!("{} a", "> ".repeat(30)));
        assert_eq!(quoted.matches("<blockquote").count(), 30);
        let table = to_html(&("| a | b | c |\n|---|---|---|\n".to_owned() + &"| 1 | 2 | 3 |\n".repeat(2_500)));
        assert_eq!(table.matches("<td>").count(), 7_500);
        let aligned = to_html(&("|a|b|c|\n|:-:|:-:|-:|\n".to_owned() + &"|1|0|1|\n".repeat(1_000)));
        assert_eq!(aligned.matches("<td align=").count(), 3_000);
    }

    #[test]
    fn nothing_active_survives() {
        let attacks = [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>1</script>)",
            "<img src=x onerror=alert(1)>",
            "![x](javascript:alert(1))",
            "<svg onload=alert(1)>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
            "<iframe src=https://example.org></iframe>",
            "![x](http://example.org/x.png)",
            "![x](//example.org/x.png)",
            "![x](/graphql?query=a)",
            "![x](x.png)",
            "[x](//example.org)",
        ];
        for attack in attacks {
            let html = to_html(attack);
            let live = html.replace("&lt;", "");
            for mark in [
                "<script",
                "<svg",
                "<iframe",
                "<math",
                "<style",
                "href=\"javascript",
                "href=\"data",
                "src=\"javascript",
                "<a href=\"jav",
                "<img src=",
                "href=\"//",
            ] {
                assert!(!live.contains(mark), "{attack} gave {html}");
            }
        }
    }
}
