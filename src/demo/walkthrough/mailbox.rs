//! Mail as its reader finds it: files in a folder, or in folders within (a Maildir).

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::bail;

/// How long a letter may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for the newest letter to `email` that has `wanted` in its text; the text.
pub async fn letter(folder: &Path, email: &str, wanted: &str) -> anyhow::Result<String> {
    let begun = std::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        let mut files = Vec::new();
        collect(folder, &mut files);
        files.sort_by_key(|path| std::cmp::Reverse(path.metadata().and_then(|meta| meta.modified()).ok()));
        let letters = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        let to = format!("To: {email}");
        let mut texts = letters.filter(|letter| letter.contains(&to)).filter_map(|letter| text(&letter));
        if let Some(found) = texts.find(|text| text.contains(wanted)) {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("no letter to {email} with {wanted} arrived in {}", folder.display())
}

/// Waits for the link in a letter to `email`; its token.
pub async fn token(folder: &Path, email: &str) -> anyhow::Result<String> {
    word_after("token=", folder, email).await
}

/// Waits for a letter to `email` that links to `page`; the token of that link.
pub async fn token_of(folder: &Path, email: &str, page: &str) -> anyhow::Result<String> {
    word_after(&format!("#/{page}?token="), folder, email).await
}

async fn word_after(mark: &str, folder: &Path, email: &str) -> anyhow::Result<String> {
    let text = letter(folder, email, mark).await?;
    let rest = text.split_once(mark).map(|(_, rest)| rest).unwrap_or_default();
    Ok(rest.split_whitespace().next().unwrap_or_default().to_owned())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// The text of a letter (RFC 2045, 6): as it is, or encoded as quoted-printable or base64.
fn text(letter: &str) -> Option<String> {
    let letter = letter.replace("\r\n", "\n");
    let (head, body) = letter.split_once("\n\n")?;
    let head = head.to_ascii_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        let packed: String = body.split_whitespace().collect();
        return String::from_utf8(data_encoding::BASE64.decode(packed.as_bytes()).ok()?).ok();
    }
    if head.contains("content-transfer-encoding: quoted-printable") { unquoted(body) } else { Some(body.to_owned()) }
}

fn unquoted(body: &str) -> Option<String> {
    let body = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_str());
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend(before.bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = &after[2..];
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_however_they_are_encoded() {
        let encoded = |encoding: &str, body: &str| text(&format!("To: a\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"));
        assert_eq!(encoded("7bit", "token=a.b").as_deref(), Some("token=a.b"));
        assert_eq!(encoded("quoted-printable", "t=C3=A9 token=3Da=\r\nb").as_deref(), Some("té token=ab"));
        assert_eq!(encoded("base64", "dMOpIHRva2Vu\r\nPWFi").as_deref(), Some("té token=ab"));
    }
}
