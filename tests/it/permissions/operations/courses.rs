//! Courses, learning in them, and letting people in.

use serde_json::json;

use super::{
    ANYONE, COMMUNITY_EDITORS, Rights, Row, SEE, SEE_AS_STAFF, STAFF, STAFF_IN_SECRET, TRAINERS, World, alike, by_id, list, row,
    updating, with_input, worlds,
};
use crate::permissions::outcomes::KEY;

/// Staff of the course; the learner, whose record it is, sees it, and for others there is none.
const RECORDS: Rights = alike("U U N N N N  F N N  ok ok ok");

pub fn rows(w: &World) -> Vec<Row> {
    [reading(w), changing(w), drafting(w), learning(w), letting_in(w)].into_iter().flatten().collect()
}

fn reading(w: &World) -> Vec<Row> {
    let (course, draft) = (&w["course"], &w["draft course"]);
    vec![
        by_id("course", course, SEE),
        by_id("course", draft, SEE_AS_STAFF.but("staff", "-")),
        by_id("course", &w["foreign course"], alike("- - - - ok ok  - - -  - - ok")),
        row("course", json!({ "slug": "treaties" }), SEE),
        list("courses", json!({}), course, SEE),
        list("courses", json!({ "first": 100 }), draft, alike("- - - - - -  - - -  - - -")),
        list("courses", json!({ "mine": true }), course, alike("- - - - - -  - - -  ok ok ok")),
        by_id("lesson", &w["article lesson"], SEE),
        by_id("lesson", &w["draft article"], SEE_AS_STAFF),
        row("certificateCheck", json!({ "code": w["completion code"] }), ANYONE),
    ]
}

fn changing(w: &World) -> Vec<Row> {
    let course = &w["course"];
    let text = json!({ "language": "en", "title": "Taken over" });
    vec![
        with_input("courseCreate", json!({ "key": KEY, "text": text }), TRAINERS),
        updating("courseUpdate", course, json!({ "visibility": "MEMBERS" }), STAFF),
        updating("courseTextSet", course, text, STAFF),
        row("courseTextRemove", json!({ "id": course, "language": "fr" }), STAFF),
        by_id("coursePublish", course, STAFF),
        by_id("courseArchive", course, STAFF),
        by_id("courseRestore", course, STAFF),
        by_id("courseArchive", &w["draft course"], STAFF_IN_SECRET.but("staff", "N")),
        by_id("courseArchive", &w["foreign course"], alike("U U N N F ok  N N N  N N ok")),
    ]
}

fn drafting(w: &World) -> Vec<Row> {
    let (course, module, lesson) = (&w["course"], &w["module"], &w["draft article"]);
    let text = json!({ "language": "en", "title": "Taken over" });
    let ids = [&w["other module"], module];
    vec![
        with_input("moduleCreate", json!({ "key": KEY, "courseId": course, "text": text }), STAFF),
        updating("moduleTextSet", module, text.clone(), STAFF_IN_SECRET),
        row("moduleTextRemove", json!({ "id": module, "language": "fr" }), STAFF_IN_SECRET),
        row("modulesReorder", json!({ "courseId": course, "moduleIds": ids }), STAFF),
        by_id("moduleRemove", module, STAFF_IN_SECRET),
        with_input("lessonCreate", json!({ "key": KEY, "moduleId": module, "kind": "ARTICLE", "text": text }), STAFF_IN_SECRET),
        updating("lessonUpdate", lesson, json!({ "estimatedMinutes": 9 }), STAFF_IN_SECRET),
        updating("lessonTextSet", lesson, text, STAFF_IN_SECRET),
        row("lessonTextRemove", json!({ "id": lesson, "language": "fr" }), STAFF_IN_SECRET),
        row("lessonMove", json!({ "id": lesson, "moduleId": w["other module"], "position": 1 }), STAFF_IN_SECRET),
        by_id("lessonRemove", lesson, STAFF_IN_SECRET),
    ]
}

fn learning(w: &World) -> Vec<Row> {
    let (course, lesson) = (&w["course"], &w["document lesson"]);
    let enrol = worlds("U U N N N N  ok N N  ok ok ok", "U U F ok ok ok  ok ok ok  ok ok ok");
    let others = "unvetted practitioner elsewhere trainer removed moderator staff owner administrator";
    let seers = worlds("U U N N N N  ok N N  ok ok ok", "U U ok ok ok ok  ok ok ok  ok ok ok");
    // Who sees the course but is not enrolled has to enrol first.
    let learn = seers.but(others, "WRONG_STATE");
    vec![
        by_id("courseEnrol", course, enrol),
        by_id("courseWithdraw", course, learn.clone()),
        by_id("lessonStart", lesson, learn.clone()),
        row("lessonComplete", json!({ "id": lesson, "reason": "VISITED" }), learn),
        with_input("completionRevoke", json!({ "id": w["completion"], "reason": "A mistake" }), RECORDS),
        by_id("completionRestore", &w["completion"], RECORDS),
    ]
}

fn letting_in(w: &World) -> Vec<Row> {
    let grant = |subject: &str| json!({ "key": KEY, "subjectId": subject, "email": "new@example.org" });
    let revoke = |subject: &str| json!({ "subjectId": subject, "email": w.people.email("learner") });
    vec![
        with_input("accessGrant", grant(&w["course"]), STAFF),
        with_input("accessGrant", grant(&w["recording"]), STAFF),
        with_input("accessGrant", grant(&w["community"]), COMMUNITY_EDITORS),
        with_input("accessRevoke", revoke(&w["course"]), STAFF),
        with_input("accessRevoke", revoke(&w["recording"]), STAFF),
        with_input("accessRevoke", revoke(&w["community"]), COMMUNITY_EDITORS),
    ]
}
