//! Markdown to HTML: CommonMark with tables, strikethrough and autolinks; raw HTML is dropped, what comes out is sanitised
//! once more, links open nothing and tell nobody where they came from, and images only by https.

use std::sync::{Arc, LazyLock};

use ammonia::Builder;
use comrak::{Options, markdown_to_html};
use moka::sync::Cache;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .url_schemes(["https", "http", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .rm_tags(["details", "summary", "map", "area", "bdo"])
        .add_generic_attributes(["dir"])
        .set_tag_attribute_value("p", "dir", "auto")
        .set_tag_attribute_value("li", "dir", "auto")
        .set_tag_attribute_value("blockquote", "dir", "auto");
    builder
});

/// Bytes of sources and renderings that are remembered.
const REMEMBERED: u64 = 16 << 20;

/// Renderings by their sources. Texts are read far more often than written, and rendering a long one takes milliseconds.
static RENDERED: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| {
    let weigh = |source: &String, html: &Arc<str>| u32::try_from(source.len() + html.len()).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(REMEMBERED).weigher(weigh).build()
});

/// Renders `source` as HTML that is safe to insert into a page.
#[must_use]
pub fn to_html(source: &str) -> String {
    if let Some(html) = RENDERED.get(source) {
        return html.to_string();
    }
    let html = rendered(source);
    RENDERED.insert(source.to_owned(), html.as_str().into());
    html
}

fn rendered(source: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    SANITISER.clean(&markdown_to_html(source, &options)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered() {
        let html = to_html("# Title\n\n**bold** [treaty](https://treaties.un.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |");
        for part in ["<h1>", "<strong>bold</strong>", "href=\"https://treaties.un.org\"", "noopener", "<td>1</td>"] {
            assert!(html.contains(part), "{part} is missing in {html}");
        }
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
        ];
        for attack in attacks {
            let html = to_html(attack);
            let live = html.replace("&lt;", "");
            for mark in [
                "<script",
                "<img src=\"x",
                "<svg",
                "<iframe",
                "<math",
                "<style",
                "href=\"javascript",
                "href=\"data",
                "src=\"javascript",
                "<a href=\"jav",
            ] {
                assert!(!live.contains(mark), "{attack} gave {html}");
            }
        }
    }
}
