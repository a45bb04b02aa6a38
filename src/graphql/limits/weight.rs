//! What fields cost that are more than one value. Names are enough: the judge sees no types, and where a name means a list
//! in one place and a value in another, a value has nothing below it to multiply.

/// Size of a page when none is asked for.
pub const DEFAULT_PAGE: u64 = 20;
/// The largest page; more is refused by the field itself.
pub const LARGEST_PAGE: u64 = 100;
/// Types of the schema.
const TYPES: u64 = 280;

/// Arguments that say how many objects are wanted: by number, or one for each of a list.
pub const SIZING: [&str; 4] = ["first", "last", "ids", "numbers"];

/// How many objects a list has that takes no size: its limit where it is bounded to less than a page, else what is usual.
pub const fn items(list: &[u8]) -> u64 {
    match list {
        // Lessons within modules: together the most lessons that a course has.
        b"modules" | b"viewerAttempts" | b"byCountry" | b"byOrganisationKind" => 10,
        b"lessons" | b"questions" | b"categories" | b"revisions" | b"nominees" => 20,
        b"postsSince" | b"parts" => 100,
        b"transcript" => 1_000,
        b"intervals" | b"sessions" => 50,
        b"translations" | b"captions" | b"languages" | b"choices" | b"letterTexts" => 6,
        b"renditions" | b"speakers" | b"deliveries" | b"emails" => 5,
        // The introspection, by the averages of our schema.
        b"types" => TYPES,
        b"directives" => 8,
        b"fields" => 4,
        _ => 1,
    }
}

/// How many plain fields a field costs by itself: what is read for it and can be long, or is rendered.
pub const fn own(field: &[u8]) -> u64 {
    match field {
        b"body" | b"bodyHtml" => 50,
        b"summaryHtml" | b"biography" | b"biographyHtml" => 200,
        b"summary" => 20,
        // All contacts of a series: one such table is enough for a document.
        b"contactsCsv" => 30_000,
        b"descriptionHtml" | b"instructionsHtml" | b"promptHtml" | b"explanationHtml" => 10,
        _ => 1,
    }
}
