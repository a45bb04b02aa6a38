//! Who is no longer a trainer: what they made is theirs no longer either, until they are one again.

use serde_json::{Value, json};

use crate::{
    app::{Client, key, with_app, with_app_set},
    forum::{self, MEMBER_REINSTATE, MEMBER_REMOVE, Place, let_in},
    recordings::{self, CLIP, UPLOAD_COMPLETE, UPLOAD_START, WITHOUT_FFMPEG, agreed, announced, created, numbers, send_parts},
    teaching::{ENROL, GRANT, PUBLISH, Taught, changes, stops_teaching, teaches_again},
};

/// What staff see of a course, and all others don't.
const INSIDE: &str = "query($id: ID!) { course(id: $id) { viewerCanEdit viewerCanModerate hasUnpublishedChanges draft { id }
    enrolments { nodes { state } } access { nodes { email } } } }";
/// The courses that somebody may change.
const MINE: &str = "{ courses(mine: true) { nodes { id } } }";
const STANDING: &str = "query($id: ID!) { community(id: $id) { viewerCanEdit viewerCanModerate viewerCanPost } }";

async fn inside(viewer: &Client<'_>, course: &str) -> Value {
    viewer.runs(INSIDE, &json!({ "id": course })).await["course"].clone()
}

/// Letting a stranger in to a thing, as its staff.
fn letting_in(subject: &str) -> Value {
    json!({ "input": { "key": key(), "subjectId": subject, "email": "other@example.org", "role": "STAFF" } })
}

#[tokio::test]
async fn whoever_is_no_longer_a_trainer_can_not_change_publish_or_see_into_the_courses_they_made() {
    with_app(async |app| {
        let (maker, administrator) = (app.trainer().await, app.administrator().await);
        let course = Taught::course(&maker, "Course", "MEMBERS").await;
        let lesson = course.with_article("One", "Body").await;
        course.publishes().await;
        let draft = Taught::course(&maker, "Draft", "PUBLIC").await;
        app.practitioner().await.runs(ENROL, &json!({ "id": course.id })).await;

        let former = stops_teaching(&maker).await;
        for (document, variables) in changes(&course, &lesson) {
            // Parts of a draft do not exist for others; the course does.
            let code = if document.contains("$draft") { "NOT_FOUND" } else { "FORBIDDEN" };
            assert_eq!(former.fails(document, &variables).await, code, "{document}");
        }
        let nothing = json!({ "viewerCanEdit": false, "viewerCanModerate": false, "hasUnpublishedChanges": null, "draft": null,
            "enrolments": null, "access": null });
        assert_eq!(inside(&former, &course.id).await, nothing);
        assert!(inside(&former, &draft.id).await.is_null());
        assert_eq!(former.runs(MINE, &json!({})).await["courses"]["nodes"], json!([]));

        administrator.runs(PUBLISH, &json!({ "id": course.id })).await;
        let learners = |seen: &Value| seen["enrolments"]["nodes"].as_array().map(Vec::len);
        assert_eq!(learners(&inside(&administrator, &course.id).await), Some(1));
        let again = teaches_again(&former).await;
        again.runs(PUBLISH, &json!({ "id": course.id })).await;
        assert_eq!(learners(&inside(&again, &course.id).await), Some(1));
        assert!(!inside(&again, &draft.id).await["draft"].is_null());
    })
    .await;
}

#[tokio::test]
async fn whoever_let_themselves_in_to_what_they_made_does_not_stay_by_that() {
    with_app(async |app| {
        let (maker, colleague) = (app.trainer().await, app.trainer().await);
        let course = Taught::course(&maker, "Course", "MEMBERS").await;
        course.with_article("One", "Body").await;
        course.publishes().await;
        let theirs = Taught::course(&colleague, "Another", "MEMBERS").await;
        let letting_in = |course: &Taught<'_>, person: &Client<'_>| {
            json!({ "input": { "key": key(), "subjectId": course.id, "email": person.email, "role": "STAFF" } })
        };
        maker.runs(GRANT, &letting_in(&course, &maker)).await;
        colleague.runs(GRANT, &letting_in(&theirs, &maker)).await;
        let former = stops_teaching(&maker).await;
        assert_eq!(inside(&former, &course.id).await["viewerCanEdit"], false);
        assert_eq!(inside(&former, &theirs.id).await["viewerCanEdit"], true, "what a colleague gave stays");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_no_longer_a_trainer_can_not_change_publish_or_see_into_the_recordings_they_made() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (maker, administrator) = (app.trainer().await, app.administrator().await);
        let recording = created(&maker, "MEMBERS").await;
        let started = maker.runs(UPLOAD_START, &announced(&recording, CLIP.len())).await["recordingUploadStart"].clone();
        let upload = json!({ "id": started["upload"]["id"] });
        send_parts(&maker, &upload["id"], CLIP, &numbers(&started["upload"]["missingPartNumbers"])).await;

        let former = stops_teaching(&maker).await;
        assert!(recordings::seen(&former, &recording).await.is_null(), "it is a draft");
        assert_eq!(former.fails(UPLOAD_COMPLETE, &upload).await, "NOT_FOUND");
        assert_eq!(former.fails(recordings::PUBLISH, &json!({ "id": recording })).await, "NOT_FOUND");
        assert_eq!(former.fails(GRANT, &letting_in(&recording)).await, "NOT_FOUND");
        assert_eq!(recordings::seen(&administrator, &recording).await["viewerCanEdit"], true);

        let again = teaches_again(&former).await;
        again.runs(UPLOAD_COMPLETE, &upload).await;
        app.run_jobs().await;
        agreed(&again, &recording).await;
        again.runs(recordings::PUBLISH, &json!({ "id": recording })).await;

        let former = stops_teaching(&again).await;
        assert_eq!(recordings::seen(&former, &recording).await["viewerCanEdit"], false, "members see it now");
        assert_eq!(former.fails(recordings::PUBLISH, &json!({ "id": recording })).await, "FORBIDDEN");
        assert_eq!(former.fails(GRANT, &letting_in(&recording)).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_no_longer_a_trainer_is_like_others_in_the_communities_they_made() {
    with_app(async |app| {
        let (maker, moderator) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&maker, "MEMBERS").await;
        let its = json!({ "id": place.community });
        let_in(app, &place.community, &moderator, "MODERATOR").await;
        let standing = async |viewer: &Client<'_>| viewer.runs(STANDING, &its).await["community"].clone();

        let former = stops_teaching(&maker).await;
        let like_others = json!({ "viewerCanEdit": false, "viewerCanModerate": false, "viewerCanPost": true });
        assert_eq!(standing(&former).await, like_others);
        assert_eq!(former.fails(&forum::by_id("communityArchive"), &its).await, "FORBIDDEN");
        let them = json!({ "id": place.community, "user": maker.id() });
        moderator.runs(MEMBER_REMOVE, &them).await;
        assert!(standing(&former).await.is_null());
        moderator.runs(MEMBER_REINSTATE, &them).await;

        let again = teaches_again(&former).await;
        assert_eq!(standing(&again).await["viewerCanEdit"], true);
        assert_eq!(moderator.problems(MEMBER_REMOVE, &them).await, ["WRONG_STATE userId"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_was_removed_from_their_community_while_no_trainer_has_it_back_with_the_role() {
    with_app(async |app| {
        for visibility in ["INVITED", "MEMBERS", "PUBLIC"] {
            let (maker, moderator) = (app.trainer().await, app.practitioner().await);
            let place = Place::new(&maker, visibility).await;
            let its = json!({ "id": place.community });
            let_in(app, &place.community, &moderator, "MODERATOR").await;
            let former = stops_teaching(&maker).await;
            moderator.runs(MEMBER_REMOVE, &json!({ "id": place.community, "user": maker.id() })).await;
            let seen = former.runs(STANDING, &its).await["community"].clone();
            assert_ne!(seen["viewerCanPost"], true, "{visibility}");

            let again = teaches_again(&former).await;
            let seen = again.runs(STANDING, &its).await["community"].clone();
            let all = json!({ "viewerCanEdit": true, "viewerCanModerate": true, "viewerCanPost": true });
            assert_eq!(seen, all, "{visibility}");
            forum::post(&again, &place.topic, "Back again").await;
            again.runs(&forum::by_id("communityArchive"), &its).await;
        }
    })
    .await;
}
