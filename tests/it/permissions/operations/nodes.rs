//! `node` and `nodes`, which reach everything by id.

use serde_json::json;

use super::webinars::{SEE_DRAFT, SEE_WEBINAR};
use super::{ANYONE, Rights, Row, SEE, SEE_AS_STAFF, SEE_COMMUNITY, SEE_OF_LEARNER, World, alike, row};

pub fn rows(w: &World) -> Vec<Row> {
    let moderators = || alike("- - - - - -  - - ok  - ok ok");
    let editors = || alike("- - - - - -  - - -  - ok ok");
    let things: Vec<(&str, Rights)> = vec![
        ("@learner", ANYONE),
        ("audit entry", alike("- - - - - -  - - -  - - ok")),
        ("course", SEE),
        ("draft course", editors()),
        ("version", SEE),
        ("draft version", SEE_AS_STAFF),
        ("published module", SEE),
        ("module", SEE_AS_STAFF),
        ("article lesson", SEE),
        ("draft article", SEE_AS_STAFF),
        ("enrolment", SEE_OF_LEARNER),
        ("completion", SEE_OF_LEARNER),
        ("course access of learner", SEE_AS_STAFF),
        ("recording access of learner", SEE_AS_STAFF),
        ("community access of learner", editors()),
        ("quiz", SEE),
        ("question", SEE_AS_STAFF),
        ("attempt", SEE_OF_LEARNER),
        ("failed attempt", SEE_OF_LEARNER),
        ("allowance", SEE_AS_STAFF),
        ("community", SEE_COMMUNITY),
        ("category", SEE_COMMUNITY),
        ("course category", SEE),
        ("topic", SEE_COMMUNITY),
        ("hidden topic", moderators()),
        ("course topic", SEE),
        ("post of topic", SEE_COMMUNITY),
        ("post of hidden topic", moderators()),
        ("flag", moderators()),
        ("document", SEE),
        ("pending file", editors()),
        ("captions file", editors()),
        ("recording", SEE),
        ("draft recording", editors()),
        ("upload", editors()),
        ("captions", SEE),
        ("speaker", SEE),
        ("silent speaker", editors()),
        ("series", SEE),
        ("webinar", SEE_WEBINAR),
        ("draft webinar", SEE_DRAFT),
        ("registration", SEE_OF_LEARNER),
        ("attendance", SEE_OF_LEARNER),
        ("emblem", SEE_WEBINAR),
        ("contact", SEE_AS_STAFF),
        ("invitation", SEE_AS_STAFF),
        ("nominee", SEE_AS_STAFF),
        ("series access of learner", SEE_AS_STAFF),
        ("webinar access of moderator", SEE_AS_STAFF),
        ("webinar document", alike("- - - - - -  ok - ok  ok ok ok")),
        ("webinar recording", alike("- - - - - -  ok - ok  ok ok ok")),
    ];
    let one = things.iter().map(|(name, rights)| row("node", json!({ "id": w[name] }), rights.clone()));
    let many = things.iter().map(|(name, rights)| row("nodes", json!({ "ids": [w[name]] }), rights.clone()));
    one.chain(many).collect()
}
