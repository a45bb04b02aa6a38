//! Courses: writing, publishing, the catalogue, enrolling, and who may do what.

use futures_util::future::join_all;
use lyceum::{
    accounts::access::Person,
    courses::{course, policy},
    role::{Roles, SiteRole},
    rows::{given, given_column},
};
use sea_orm::{EntityTrait as _, JoinType, QueryOrder as _, QueryTrait, Select};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key, with_app, with_app_set},
    http_client::Server,
    recordings::{WITHOUT_FFMPEG, published},
    teaching::{self, COURSE, PUBLISH, Taught},
};

fn codes(problems: Vec<String>) -> Vec<String> {
    problems.into_iter().map(|problem| problem.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_region_or_script_that_was_asked_for_gets_its_language() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::with_articles(&trainer, &["One"]).await;
        for language in ["fr", "ar", "zh"] {
            course.sets_text(language, language).await;
        }
        course.publishes().await;
        let title = "query($id: ID!, $language: Language) { course(id: $id) { text(language: $language) { title } } }";
        for (asked, title_found) in [("fr-FR", "fr"), ("zh-Hans", "zh"), ("ar-EG", "ar"), ("pt-BR", "Course")] {
            let found = app.visitor().runs(title, &json!({ "id": course.id, "language": asked })).await;
            assert_eq!(found["course"]["text"]["title"], title_found, "{asked}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_text_or_setting_again_is_no_change_of_a_course() {
    with_app(async |app| {
        let (trainer, admin) = (app.trainer().await, app.administrator().await);
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let lesson = course.with_article("One", "Body").await;
        let state = async || {
            let updated = "query($id: ID!) { course(id: $id) { updatedAt } }";
            let entries = "{ auditEntries(first: 100) { nodes { action } } }";
            let count = admin.runs(entries, &json!({})).await["auditEntries"]["nodes"].as_array().map(Vec::len);
            (trainer.runs(updated, &json!({ "id": course.id })).await["course"]["updatedAt"].clone(), count)
        };
        course.updates_lesson(&lesson, json!({ "isRequired": false, "estimatedMinutes": 9 })).await;
        let before = state().await;
        app.clock.advance(chrono::Duration::seconds(1));
        course.sets_text("en", "Course").await;
        course.sets_body(&lesson, "One", "Body").await;
        course.updates_lesson(&lesson, json!({ "isRequired": false, "estimatedMinutes": 9 })).await;
        let move_to =
            "mutation($id: ID!, $module: ID!) { lessonMove(id: $id, moduleId: $module, position: 1) { userErrors { code } } }";
        let module = "query($id: ID!) { course(id: $id) { draft { modules { id } } } }";
        let module = trainer.runs(module, &json!({ "id": course.id })).await["course"]["draft"]["modules"][0]["id"].clone();
        trainer.runs(move_to, &json!({ "id": lesson, "module": module })).await;
        let reorder =
            "mutation($id: ID!, $modules: [ID!]!) { modulesReorder(courseId: $id, moduleIds: $modules) { userErrors { code } } }";
        trainer.runs(reorder, &json!({ "id": course.id, "modules": [module] })).await;
        assert_eq!(state().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_trainer_makes_courses_only_once_they_are_vetted() {
    with_app(async |app| {
        let unvetted = app.person(Roles::default().with(SiteRole::Trainer), false).await;
        let text = json!({ "language": "en", "title": "Course" });
        let input = json!({ "input": { "key": key(), "text": text } });
        assert_eq!(unvetted.fails(teaching::COURSE_CREATE, &input).await, "FORBIDDEN");
        app.trainer().await.runs(teaching::COURSE_CREATE, &input).await;
    })
    .await;
}

#[tokio::test]
async fn who_teaches_a_course_is_shown_as_their_account_allows() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::with_articles(&trainer, &["One"]).await;
        let owner = "query($id: ID!) { course(id: $id) { owner { id fullName email } } }";
        let seen = async |person: &Client<'_>| person.runs(owner, &json!({ "id": course.id })).await["course"]["owner"].clone();
        let named = json!({ "id": trainer.id(), "fullName": "Person 1", "email": null });
        assert_eq!(seen(&app.practitioner().await).await, named);
        assert_eq!(seen(&app.visitor()).await["fullName"], json!(null));
        let show = "mutation { profileUpdate(input: { isNameShownToVisitors: true }) { userErrors { code } } }";
        trainer.runs(show, &json!({})).await;
        assert_eq!(seen(&app.visitor()).await, named);
    })
    .await;
}

#[tokio::test]
async fn the_longest_article_in_any_script_of_the_site_can_be_sent() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let lesson = course.with_article("One", "Body").await;
        let set = "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) { userErrors { code message } } }";
        let input = |length: usize| json!({ "id": lesson, "input": { "language": "en", "title": "One", "body": "法".repeat(length) } });
        let server = Server::start(app).await;
        let bearer = format!("Bearer {}", trainer.token.clone().expect("signed in"));
        let reply = server.asks_with(set, &input(40_000), &[("authorization", &bearer)]).await;
        assert_eq!((reply.status, &reply.json()["data"]["lessonTextSet"]["userErrors"]), (200, &json!([])));
        let refused = trainer.sends(set, &input(40_001)).await;
        let error = &refused["data"]["lessonTextSet"]["userErrors"][0];
        assert_eq!((&error["code"], &error["message"]), (&json!("TOO_LONG"), &json!("At most 40000 characters are allowed.")));
    })
    .await;
}

#[tokio::test]
async fn a_trainer_makes_a_course_in_several_languages_and_learners_get_theirs() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "Joining a treaty", "PUBLIC").await;
        course.sets_text("fr", "Adhérer à un traité").await;
        course.sets_text("ar", "الانضمام إلى معاهدة").await;
        course.with_article("One", "# Body").await;
        course.publishes().await;

        let seen = async |accept: &str| {
            let reader = learner.accepting(accept);
            let found = reader
                .runs(
                    "query($id: ID!, $language: Language) { course(id: $id) { languages
                    text(language: $language) { title language direction isOriginal isOutdated } } }",
                    &json!({ "id": course.id, "language": accept }),
                )
                .await;
            found["course"].clone()
        };
        let arabic = seen("ar").await;
        assert_eq!(arabic["text"]["title"], "الانضمام إلى معاهدة");
        assert_eq!(arabic["text"]["direction"], "RTL");
        assert_eq!(arabic["text"]["isOriginal"], false);
        let russian = seen("ru").await;
        assert_eq!(russian["text"]["title"], "Joining a treaty", "the viewer's language comes before the original");
        assert_eq!(arabic["languages"].as_array().map(Vec::len), Some(3));
    })
    .await;
}

#[tokio::test]
async fn a_translation_is_outdated_once_the_original_moves_on_and_setting_the_same_text_moves_nothing() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Jurisdiction", "PUBLIC").await;
        course.sets_text("fr", "Compétence").await;
        let outdated = async || {
            let found = trainer.runs(
                "query($id: ID!) { course(id: $id) { translations { language isOutdated } text(language: \"fr\") { isOutdated } } }",
                &json!({ "id": course.id }),
            ).await;
            found["course"]["text"]["isOutdated"].clone()
        };
        course.sets_text("en", "Jurisdiction").await;
        assert_eq!(outdated().await, false);
        course.sets_text("en", "Jurisdiction over offences").await;
        assert_eq!(outdated().await, true);
        course.sets_text("fr", "Compétence").await;
        assert_eq!(outdated().await, false, "who sets a translation again says that it is current");
    })
    .await;
}

#[tokio::test]
async fn what_a_person_typed_wrong_is_said_all_at_once() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let problems = trainer
            .problems(
                teaching::COURSE_CREATE,
                &json!({ "input": { "key": key(), "slug": "No Slug", "visibility": "PUBLIC",
                    "text": { "language": "de", "title": " ", "summary": "s".repeat(501) } } }),
            )
            .await;
        assert_eq!(
            problems,
            ["INVALID input.slug", "INVALID input.text.language", "BLANK input.text.title", "TOO_LONG input.text.summary"]
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_part_is_made_from_the_title_and_belongs_to_one_course() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let slug = async |course: &Taught<'_>| trainer.runs(COURSE, &json!({ "id": course.id })).await["course"]["slug"].clone();
        let first = Taught::course(&trainer, "Extradition: first steps", "PUBLIC").await;
        assert_eq!(slug(&first).await, "extradition-first-steps");
        let second = Taught::course(&trainer, "Extradition: first steps", "PUBLIC").await;
        assert_ne!(slug(&second).await, slug(&first).await);
        let third = Taught::course(&trainer, "引渡", "PUBLIC").await;
        assert!(slug(&third).await.as_str().is_some_and(|slug| slug.starts_with("course-")));

        let update = "mutation($id: ID!, $input: CourseUpdateInput!) { courseUpdate(id: $id, input: $input) {
            course { slug visibility } userErrors { code field } } }";
        let taken = json!({ "id": second.id, "input": { "slug": "extradition-first-steps" } });
        assert_eq!(trainer.problems(update, &taken).await, ["TAKEN input.slug"]);
        let changed = trainer.runs(update, &json!({ "id": second.id, "input": { "visibility": "MEMBERS" } })).await;
        assert_eq!(changed["courseUpdate"]["course"]["visibility"], "MEMBERS");
        assert_eq!(changed["courseUpdate"]["course"]["slug"], slug(&second).await, "what is absent stays");
    })
    .await;
}

#[tokio::test]
async fn courses_of_one_title_that_are_made_at_once_all_get_an_address_of_their_own() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        join_all((0..6).map(|_| Taught::course(&trainer, "Extradition", "MEMBERS"))).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_key_makes_one_course() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let input = json!({ "input": { "key": key(), "text": { "language": "en", "title": "Once" } } });
        let first = trainer.runs(teaching::COURSE_CREATE, &input).await;
        assert_eq!(trainer.runs(teaching::COURSE_CREATE, &input).await, first);
        let mut other = input.clone();
        other["input"]["text"]["title"] = json!("Twice");
        assert_eq!(trainer.problems(teaching::COURSE_CREATE, &other).await, ["KEY_REUSED input.key"]);
    })
    .await;
}

#[tokio::test]
async fn modules_and_lessons_are_ordered_moved_and_removed_without_gaps() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Order", "PUBLIC").await;
        let (one, two) = (course.with_module("One").await, course.with_module("Two").await);
        let a = course.with_lesson(&one, "A", "ARTICLE", &json!(null)).await;
        let b = course.with_lesson(&one, "B", "ARTICLE", &json!(null)).await;
        let c = course.with_lesson(&two, "C", "LINK", &json!({ "url": "https://treaties.un.org/" })).await;
        assert_eq!(course.outline().await, json!([["One", "A1", "B2"], ["Two", "C1"]]));

        let reorder = "mutation($id: ID!, $ids: [ID!]!) { modulesReorder(courseId: $id, moduleIds: $ids) {
            draft { modules { title position } } userErrors { code field } } }";
        trainer.runs(reorder, &json!({ "id": course.id, "ids": [two, one] })).await;
        assert_eq!(course.outline().await, json!([["Two", "C1"], ["One", "A1", "B2"]]));
        let ids = json!({ "id": course.id, "ids": [two, two] });
        assert_eq!(trainer.problems(reorder, &ids).await, ["NOT_FOUND moduleIds.1", "INCOMPLETE moduleIds"]);

        let relocate =
            "mutation($id: ID!, $module: ID!, $position: Int!) { lessonMove(id: $id, moduleId: $module, position: $position) {
            draft { id } userErrors { code field } } }";
        trainer.runs(relocate, &json!({ "id": b, "module": two, "position": 1 })).await;
        assert_eq!(course.outline().await, json!([["Two", "B1", "C2"], ["One", "A1"]]));
        trainer.runs(relocate, &json!({ "id": b, "module": two, "position": 99 })).await;
        assert_eq!(course.outline().await, json!([["Two", "C1", "B2"], ["One", "A1"]]));
        let wrong = json!({ "id": b, "module": two, "position": 0 });
        assert_eq!(trainer.problems(relocate, &wrong).await, ["OUT_OF_RANGE position"]);
        let other = Taught::course(&trainer, "Other", "PUBLIC").await;
        let elsewhere = json!({ "id": b, "module": other.with_module("Elsewhere").await, "position": 1 });
        assert_eq!(trainer.problems(relocate, &elsewhere).await, ["NOT_FOUND moduleId"]);

        let remove = "mutation($id: ID!) { lessonRemove(id: $id) { draft { lessonCount } userErrors { code } } }";
        trainer.runs(remove, &json!({ "id": c })).await;
        assert_eq!(course.outline().await, json!([["Two", "B1"], ["One", "A1"]]));
        let remove =
            "mutation($id: ID!) { moduleRemove(id: $id) { draft { lessonCount modules { position } } userErrors { code } } }";
        let left = trainer.runs(remove, &json!({ "id": two })).await;
        assert_eq!(left["moduleRemove"]["draft"], json!({ "lessonCount": 1, "modules": [{ "position": 1 }] }));
        assert_eq!(trainer.fails(relocate, &json!({ "id": b, "module": one, "position": 1 })).await, "NOT_FOUND");
        let _ = a;
    })
    .await;
}

#[tokio::test]
async fn a_lesson_takes_what_its_kind_shows_and_nothing_else() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Kinds", "PUBLIC").await;
        let module = course.with_module("One").await;
        let create = async |kind: &str, content: Value, minutes: i32| {
            let input = json!({ "key": key(), "moduleId": module, "kind": kind, "estimatedMinutes": minutes, "content": content,
                "text": { "language": "en", "title": "Lesson" } });
            trainer.problems(teaching::LESSON_CREATE, &json!({ "input": input })).await
        };
        assert_eq!(create("ARTICLE", json!({ "url": "https://example.org/" }), 5).await, ["INVALID input.content"]);
        assert_eq!(create("LINK", json!({ "url": "javascript:alert(1)" }), 5).await, ["INVALID input.content.url"]);
        assert_eq!(create("ARTICLE", json!(null), 601).await, ["OUT_OF_RANGE input.estimatedMinutes"]);

        let french =
            json!({ "key": key(), "moduleId": module, "kind": "ARTICLE", "text": { "language": "fr", "title": "Leçon" } });
        assert_eq!(trainer.problems(teaching::LESSON_CREATE, &json!({ "input": french })).await, ["INVALID input.text.language"]);
    })
    .await;
}

#[tokio::test]
async fn all_that_is_missing_is_said_on_publishing() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Unfinished", "PUBLIC").await;
        let publish = json!({ "id": course.id });
        assert_eq!(trainer.problems(PUBLISH, &publish).await, ["INCOMPLETE"]);
        let one = course.with_module("One").await;
        course.with_module("Two").await;
        course.with_lesson(&one, "Nothing to visit", "LINK", &json!(null)).await;
        course.with_lesson(&one, "Nothing to take", "QUIZ", &json!(null)).await;
        course.with_article("Nothing to read", "").await;
        assert_eq!(codes(trainer.problems(PUBLISH, &publish).await).len(), 4);
        let answer = trainer.sends(PUBLISH, &publish).await["data"]["coursePublish"]["userErrors"].to_string();
        for title in ["Nothing to visit", "Nothing to take", "Nothing to read", "Two"] {
            assert!(answer.contains(title), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_article_is_published_with_a_text_in_the_original_language_only() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let lesson = course.with_article("Article 9", " \u{200b}\n").await;
        let set =
            "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) { userErrors { code } } }";
        let french = json!({ "language": "fr", "title": "Article 9", "body": "Extrader ou poursuivre." });
        trainer.runs(set, &json!({ "id": lesson, "input": french })).await;
        let refused = trainer.sends(PUBLISH, &json!({ "id": course.id })).await["data"]["coursePublish"]["userErrors"].clone();
        let said = "The lesson “Article 9” has no text yet in the course's original language.";
        assert_eq!((&refused[0]["code"], &refused[0]["message"]), (&json!("INCOMPLETE"), &json!(said)));
        course.sets_body(&lesson, "Article 9", "Extradite or prosecute.").await;
        course.publishes().await;
    })
    .await;
}

#[tokio::test]
async fn a_translation_of_an_article_is_published_with_a_text_only() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let lesson = course.with_article("Article 9", "Extradite or prosecute.").await;
        let set =
            "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) { userErrors { code } } }";
        let french = json!({ "language": "fr", "title": "Article 9", "body": "Extrader ou poursuivre." });
        let retitled = json!({ "language": "fr", "title": "L’article 9" });
        let blank = json!({ "language": "es", "title": "Artículo 9", "body": " \u{200b}\n" });
        for input in [&french, &retitled, &blank] {
            trainer.runs(set, &json!({ "id": lesson, "input": input })).await;
        }
        let refused = trainer.sends(PUBLISH, &json!({ "id": course.id })).await["data"]["coursePublish"]["userErrors"].clone();
        for (problem, language) in [(&refused[0], "Español"), (&refused[1], "Français")] {
            let said = format!("The lesson “Article 9” has a title but no text in this language: {language}.");
            assert_eq!(problem["code"], "INCOMPLETE", "{refused}");
            assert!(problem["message"].as_str().is_some_and(|message| message.starts_with(&said)), "{refused}");
        }
        assert_eq!(refused.as_array().map(Vec::len), Some(2), "{refused}");

        trainer.runs(set, &json!({ "id": lesson, "input": french })).await;
        let remove =
            "mutation($id: ID!, $language: Language!) { lessonTextRemove(id: $id, language: $language) { userErrors { code } } }";
        trainer.runs(remove, &json!({ "id": lesson, "language": "es" })).await;
        course.publishes().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_is_told_what_is_needed_or_what_is_in_the_way() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["One"]).await;
        let module = course.with_module("Two").await;
        let page = trainer.runs(COURSE, &json!({ "id": course.id })).await;
        let lesson = &page["course"]["publishedVersion"]["modules"][0]["lessons"][0]["id"];
        let english = json!({ "language": "en", "title": "Title" });
        let text = |language: &str, title: &str| json!({ "id": course.id, "input": { "language": language, "title": title } });
        let set =
            "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) { userErrors { message } } }";
        let remove = "mutation($id: ID!) { courseTextRemove(id: $id, language: \"en\") { userErrors { message } } }";
        let start = "mutation($id: ID!) { lessonStart(id: $id) { userErrors { message } } }";
        let slug = json!({ "input": { "key": key(), "slug": "Joining a treaty", "text": english } });
        let french = json!({ "language": "fr", "title": "Deux" });
        let french = json!({ "input": { "key": key(), "courseId": course.id, "text": french } });
        let link = json!({ "key": key(), "moduleId": module, "kind": "LINK", "content": { "url": "http://example.org/" },
            "text": english });
        let nobody = json!({ "key": key(), "subjectId": course.id, "email": "nobody", "role": "MEMBER" });
        for (person, document, variables, said) in [
            (&trainer, teaching::COURSE_CREATE, slug, "such as joining-a-treaty."),
            (&trainer, teaching::COURSE_TEXT_SET, text("de", "Kurs"), "ar, zh, en, fr, ru, es"),
            (&trainer, teaching::COURSE_TEXT_SET, text("en", "esruoC\u{202e}"), "the direction of writing"),
            (&trainer, teaching::MODULE_CREATE, french, "the original language: English"),
            (&trainer, teaching::LESSON_CREATE, json!({ "input": link }), "begins with https://"),
            (&trainer, teaching::GRANT, json!({ "input": nobody }), "name@example.org"),
            (&trainer, set, json!({ "id": lesson, "input": english }), "Change the draft"),
            (&trainer, remove, json!({ "id": course.id }), "only translations can be removed"),
            (&learner, start, json!({ "id": lesson }), "You are not enrolled in this course."),
        ] {
            let answer = person.sends(document, &variables).await;
            assert!(answer["errors"].is_null() && answer.to_string().contains(said), "{said}\n{answer:#}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_draft_gives_the_version_that_stands_whatever_it_lacks_by_now() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let film = published(app, &trainer, "PUBLIC").await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let module = course.with_module("Module").await;
        course.with_lesson(&module, "Film", "RECORDING", &json!({ "recordingId": film })).await;
        let standing = course.publishes().await;
        let unpublish = "mutation($id: ID!) { recordingUnpublish(id: $id) { userErrors { code } } }";
        trainer.runs(unpublish, &json!({ "id": film })).await;
        assert_eq!(course.publishes().await, standing);
        course.sets_text("en", "Another title").await;
        assert_eq!(trainer.problems(PUBLISH, &json!({ "id": course.id })).await, ["INCOMPLETE"]);
    })
    .await;
}

#[tokio::test]
async fn publishing_freezes_the_draft_and_an_unchanged_draft_gives_the_version_that_stands() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "First title", "PUBLIC").await;
        let lesson = course.with_article("Lesson", "First body").await;
        let first = course.publishes().await;
        assert_eq!(course.publishes().await, first);
        let changes = "query($id: ID!) { course(id: $id) { hasUnpublishedChanges } }";
        let has_changes =
            async || trainer.runs(changes, &json!({ "id": course.id })).await["course"]["hasUnpublishedChanges"].clone();
        assert_eq!(has_changes().await, false);

        let before = learner.runs(COURSE, &json!({ "id": course.id })).await;
        course.sets_text("en", "Second title").await;
        course.sets_body(&lesson, "Lesson", "Second body").await;
        assert_eq!(has_changes().await, true);
        assert_eq!(
            learner.runs(COURSE, &json!({ "id": course.id })).await["course"]["publishedVersion"],
            before["course"]["publishedVersion"],
            "learners keep what was published"
        );
        assert_eq!(learner.runs(COURSE, &json!({ "id": course.id })).await["course"]["title"], "First title");
        assert_eq!(trainer.runs(COURSE, &json!({ "id": course.id })).await["course"]["title"], "Second title");

        let second = course.publishes().await;
        assert_ne!(second, first);
        let after = learner.runs(COURSE, &json!({ "id": course.id })).await;
        assert_eq!(after["course"]["title"], "Second title");
        let lesson_of = |page: &Value| page["course"]["publishedVersion"]["modules"][0]["lessons"][0].clone();
        assert_eq!(lesson_of(&after)["permanentId"], lesson_of(&before)["permanentId"]);
        assert_ne!(lesson_of(&after)["id"], lesson_of(&before)["id"]);
        assert_eq!(lesson_of(&after)["text"]["body"], "Second body");

        let versions =
            "query($id: ID!) { course(id: $id) { versions { nodes { id number modules { lessons { text { body } } } } } } }";
        let all = trainer.runs(versions, &json!({ "id": course.id })).await;
        let all = &all["course"]["versions"]["nodes"];
        assert_eq!(all[1]["modules"][0]["lessons"][0]["text"]["body"], "First body", "a published version never changes");
        let seen = learner.runs(versions, &json!({ "id": course.id })).await;
        assert_eq!(seen["course"]["versions"]["nodes"].as_array().map(Vec::len), Some(1), "learners see the newest");
    })
    .await;
}

#[tokio::test]
async fn a_published_version_is_changed_by_nobody() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Frozen", "PUBLIC").await;
        course.with_article("Lesson", "Body").await;
        course.publishes().await;
        let page = trainer.runs(COURSE, &json!({ "id": course.id })).await;
        let module = &page["course"]["publishedVersion"]["modules"][0];
        let text = json!({ "language": "en", "title": "Changed" });
        let set = "mutation($id: ID!, $input: LessonTextInput!) { lessonTextSet(id: $id, input: $input) { lesson { id } userErrors { code field } } }";
        let frozen = json!({ "id": module["lessons"][0]["id"], "input": text });
        assert_eq!(trainer.problems(set, &frozen).await, ["WRONG_STATE id"]);
        let remove = "mutation($id: ID!) { moduleRemove(id: $id) { draft { id } userErrors { code field } } }";
        assert_eq!(trainer.problems(remove, &json!({ "id": module["id"] })).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn two_publications_at_once_make_one_version() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Once", "PUBLIC").await;
        course.with_article("Lesson", "Body").await;
        let (one, other) = tokio::join!(course.publishes(), course.publishes());
        assert_eq!(one, other);
        assert_eq!(one["number"], 1);
    })
    .await;
}

#[tokio::test]
async fn the_catalogue_shows_what_a_viewer_may_see_in_pages_newest_first() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        for (title, visibility) in [("A", "PUBLIC"), ("B", "MEMBERS"), ("C", "INVITED"), ("D", "PUBLIC")] {
            let course = Taught::course(&trainer, title, visibility).await;
            course.with_article("Lesson", "Body").await;
            course.publishes().await;
        }
        Taught::course(&trainer, "Draft", "PUBLIC").await;
        let titles = async |client: &Client<'_>, mine: bool| {
            let list = "query($mine: Boolean!) { courses(mine: $mine) { nodes { title viewerCanEdit } } }";
            let found = client.runs(list, &json!({ "mine": mine })).await;
            let titles = found["courses"]["nodes"].as_array().into_iter().flatten().map(|node| node["title"].clone());
            Value::Array(titles.collect())
        };
        assert_eq!(titles(&app.visitor(), false).await, json!(["D", "A"]));
        assert_eq!(titles(&app.unvetted().await, false).await, json!(["D", "A"]));
        assert_eq!(titles(&app.practitioner().await, false).await, json!(["D", "B", "A"]));
        assert_eq!(titles(&trainer, false).await, json!(["D", "C", "B", "A"]));
        assert_eq!(titles(&trainer, true).await, json!(["Draft", "D", "C", "B", "A"]));
        assert_eq!(titles(&app.administrator().await, true).await, json!(["Draft", "D", "C", "B", "A"]));
        assert_eq!(titles(&app.trainer().await, true).await, json!([]));

        let page =
            "query($after: String) { courses(first: 1, after: $after) { nodes { title } pageInfo { endCursor hasNextPage } } }";
        let first = app.visitor().runs(page, &json!({})).await;
        assert_eq!(first["courses"]["nodes"][0]["title"], "D");
        let after = json!({ "after": first["courses"]["pageInfo"]["endCursor"] });
        let second = app.visitor().runs(page, &after).await;
        assert_eq!(second["courses"]["nodes"][0]["title"], "A");
        assert_eq!(second["courses"]["pageInfo"]["hasNextPage"], false);
    })
    .await;
}

/// Every way to ask for a course or a part of it by id.
async fn ways(app: &TestApp, staff: &Client<'_>, course: &Taught<'_>, client: &Client<'_>) -> Vec<Value> {
    let page = staff.runs(COURSE, &json!({ "id": course.id })).await["course"].clone();
    let version = &page["publishedVersion"];
    let module = &version["modules"][0];
    let lesson = &module["lessons"][0];
    let mut found = Vec::new();
    for id in [&page["id"], &version["id"], &module["id"], &lesson["id"], &page["draft"]["id"]] {
        found.push(client.runs("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": id })).await["node"].clone());
    }
    for id in [&lesson["id"], &lesson["permanentId"]] {
        found.push(client.runs("query($id: ID!) { lesson(id: $id) { id } }", &json!({ "id": id })).await["lesson"].clone());
    }
    let by_slug = "query($slug: String!) { course(slug: $slug) { id } }";
    found.push(client.runs(by_slug, &json!({ "slug": page["slug"] })).await["course"].clone());
    found.push(client.runs("query($id: ID!) { course(id: $id) { id } }", &json!({ "id": course.id })).await["course"].clone());
    let _ = app;
    found
}

#[tokio::test]
async fn a_cursor_that_somebody_else_got_or_forged_shows_no_more_than_ones_own() {
    with_app(async |app| {
        let (trainer, reader) = (app.trainer().await, app.practitioner().await);
        for (title, visibility) in [("A", "PUBLIC"), ("B", "INVITED"), ("C", "MEMBERS"), ("D", "INVITED"), ("E", "PUBLIC")] {
            let course = Taught::course(&trainer, title, visibility).await;
            course.with_article("Lesson", "Body").await;
            course.publishes().await;
        }
        let edges = "{ courses { edges { cursor node { title } } } }";
        let theirs = trainer.runs(edges, &json!({})).await["courses"]["edges"].clone();
        let theirs = theirs.as_array().expect("edges");
        assert_eq!(theirs.len(), 5);
        let page = "query($after: String, $before: String, $first: Int, $last: Int) {
            courses(after: $after, before: $before, first: $first, last: $last) { nodes { title } } }";
        let titles = async |variables: &Value| {
            let seen = reader.runs(page, variables).await["courses"]["nodes"].clone();
            seen.as_array().into_iter().flatten().filter_map(|node| node["title"].as_str()).collect::<String>()
        };
        for (edge, (after, before)) in theirs.iter().zip([("CA", ""), ("CA", "E"), ("A", "E"), ("A", "EC"), ("", "EC")]) {
            let cursor = &edge["cursor"];
            assert_eq!(titles(&json!({ "after": cursor, "first": 10 })).await, after, "{edge}");
            assert_eq!(titles(&json!({ "before": cursor, "last": 10 })).await, before, "{edge}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_hidden_course_does_not_exist_by_any_id() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Hidden", "INVITED").await;
        let lesson = course.with_article("Lesson", "Body").await;
        course.publishes().await;
        for client in [app.visitor(), app.unvetted().await, app.practitioner().await, app.trainer().await] {
            let found = ways(app, &trainer, &course, &client).await;
            assert!(found.iter().all(Value::is_null), "{found:?}");
        }
        let member = app.practitioner().await;
        for (document, variables) in teaching::changes(&course, &lesson) {
            assert_eq!(app.trainer().await.fails(document, &variables).await, "NOT_FOUND", "{document}");
            assert_eq!(member.fails(document, &variables).await, "NOT_FOUND", "{document}");
            assert_eq!(app.visitor().fails(document, &variables).await, "UNAUTHENTICATED", "{document}");
        }
        let found = ways(app, &trainer, &course, &app.administrator().await).await;
        assert!(found.iter().all(|found| !found.is_null()), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn who_sees_a_course_but_is_not_its_staff_may_not_change_it() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Visible", "PUBLIC").await;
        let lesson = course.with_article("Lesson", "Body").await;
        course.publishes().await;
        for (document, variables) in teaching::changes(&course, &lesson) {
            // Parts of a draft do not exist for others; the course does.
            let code = if document.contains("$draft") { "NOT_FOUND" } else { "FORBIDDEN" };
            assert_eq!(app.trainer().await.fails(document, &variables).await, code, "{document}");
        }
        assert_eq!(
            app.practitioner()
                .await
                .fails(
                    teaching::COURSE_CREATE,
                    &json!({ "input": { "key": key(), "text": { "language": "en", "title": "Mine" } } })
                )
                .await,
            "FORBIDDEN"
        );
        let page = app
            .practitioner()
            .await
            .runs(
                "query($id: ID!) { course(id: $id) { viewerCanEdit draft { id } translations { title } hasUnpublishedChanges
                access { nodes { email } } enrolments { nodes { id } } } }",
                &json!({ "id": course.id }),
            )
            .await;
        assert_eq!(
            page["course"],
            json!({ "viewerCanEdit": false, "draft": null, "translations": [],
            "hasUnpublishedChanges": null, "access": null, "enrolments": null })
        );
    })
    .await;
}

#[tokio::test]
async fn somebody_let_in_sees_the_course_and_staff_let_in_change_it_until_it_is_taken_back() {
    with_app(async |app| {
        let (trainer, member, staff) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let course = Taught::course(&trainer, "Closed", "INVITED").await;
        course.with_article("Lesson", "Body").await;
        course.publishes().await;
        course.grants(&member.email.to_uppercase(), "MEMBER").await;
        course.grants(&staff.email, "STAFF").await;

        assert_eq!(member.runs(COURSE, &json!({ "id": course.id })).await["course"]["viewerCanEdit"], false);
        assert_eq!(staff.runs(COURSE, &json!({ "id": course.id })).await["course"]["viewerCanEdit"], true);
        staff.runs(teaching::COURSE_TEXT_SET, &json!({ "id": course.id, "input": { "language": "es", "title": "Cerrado" } })).await;
        assert_eq!(app.practitioner().await.runs("query($id: ID!) { course(id: $id) { id } }", &json!({ "id": course.id })).await["course"], json!(null));

        let listed = "query($id: ID!) { course(id: $id) { access { nodes { email role user { id } } } } }";
        let listed = staff.runs(listed, &json!({ "id": course.id })).await;
        assert_eq!(listed["course"]["access"]["nodes"].as_array().map(Vec::len), Some(2));
        assert_eq!(listed["course"]["access"]["nodes"][0]["user"]["id"], staff.id());

        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code field } } }";
        let right = json!({ "input": { "subjectId": course.id, "email": member.email } });
        trainer.runs(revoke, &right).await;
        assert_eq!(member.runs("query($id: ID!) { course(id: $id) { id } }", &json!({ "id": course.id })).await["course"], json!(null));
        assert_eq!(trainer.problems(revoke, &right).await, ["NOT_FOUND input.email"]);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_is_let_in_gets_a_mail_that_names_only_the_kind_of_thing() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Confidential title", "INVITED").await;
        course.grants("stranger@example.net", "MEMBER").await;
        course.grants("stranger@example.net", "MEMBER").await;
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("stranger@example.net") && mails[0].contains("course"), "{}", mails[0]);
        assert!(!mails[0].to_lowercase().contains("confidential"), "{}", mails[0]);

        let moderator =
            json!({ "input": { "key": key(), "subjectId": course.id, "email": "a@example.net", "role": "MODERATOR" } });
        assert_eq!(trainer.problems(teaching::GRANT, &moderator).await, ["UNSUPPORTED input.role"]);
    })
    .await;
}

#[tokio::test]
async fn the_lessons_content_is_for_those_enrolled_staff_and_everybody_where_it_is_public() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        for (visibility, before) in [("PUBLIC", "Body"), ("MEMBERS", "")] {
            let course = Taught::course(&trainer, visibility, visibility).await;
            course.with_article("Lesson", "Body").await;
            course.publishes().await;
            let body = async || {
                let page = learner.runs(COURSE, &json!({ "id": course.id })).await;
                page["course"]["publishedVersion"]["modules"][0]["lessons"][0]["text"]["body"].clone()
            };
            assert_eq!(body().await, before, "{visibility}");
            learner.runs(teaching::ENROL, &json!({ "id": course.id })).await;
            assert_eq!(body().await, "Body");
            learner.runs(teaching::WITHDRAW, &json!({ "id": course.id })).await;
            assert_eq!(body().await, before);
        }
    })
    .await;
}

#[tokio::test]
async fn an_archived_course_takes_no_new_learners_and_stays_with_those_enrolled() {
    with_app(async |app| {
        let (trainer, learner, late) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let course = Taught::course(&trainer, "Old", "PUBLIC").await;
        course.with_article("Lesson", "Body").await;
        assert_eq!(learner.fails(teaching::ENROL, &json!({ "id": course.id })).await, "NOT_FOUND", "it is not published yet");
        course.publishes().await;
        learner.runs(teaching::ENROL, &json!({ "id": course.id })).await;
        let archive = "mutation($id: ID!) { courseArchive(id: $id) { course { isArchived } userErrors { code } } }";
        for _ in 0..2 {
            assert_eq!(trainer.runs(archive, &json!({ "id": course.id })).await["courseArchive"]["course"]["isArchived"], true);
        }
        assert_eq!(late.problems(teaching::ENROL, &json!({ "id": course.id })).await, ["WRONG_STATE"]);
        let can = "query($id: ID!) { course(id: $id) { viewerCanEnrol } courses { nodes { id } } }";
        let seen = late.runs(can, &json!({ "id": course.id })).await;
        assert_eq!((&seen["course"]["viewerCanEnrol"], &seen["courses"]["nodes"]), (&json!(false), &json!([])));
        assert_eq!(learner.runs(COURSE, &json!({ "id": course.id })).await["course"]["publishedVersion"]["lessonCount"], 1);
        let restore = "mutation($id: ID!) { courseRestore(id: $id) { course { isArchived } userErrors { code } } }";
        assert_eq!(trainer.runs(restore, &json!({ "id": course.id })).await["courseRestore"]["course"]["isArchived"], false);
        late.runs(teaching::ENROL, &json!({ "id": course.id })).await;
    })
    .await;
}

#[tokio::test]
async fn every_change_of_a_course_is_in_the_audit_without_personal_values() {
    with_app(async |app| {
        let (trainer, admin) = (app.trainer().await, app.administrator().await);
        let course = Taught::course(&trainer, "Audited", "INVITED").await;
        course.with_article("Lesson", "Body").await;
        course.publishes().await;
        course.grants("stranger@example.net", "MEMBER").await;
        let entries = "query { auditEntries(first: 100) { nodes { action details actor { id } } } }";
        let entries = admin.runs(entries, &json!({})).await["auditEntries"]["nodes"].clone();
        let actions: Vec<_> = entries.as_array().into_iter().flatten().filter_map(|entry| entry["action"].as_str()).collect();
        for action in ["course.created", "module.created", "lesson.created", "course.published", "access.granted"] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
        assert!(!entries.to_string().contains("stranger@"), "{entries}");
    })
    .await;
}

#[tokio::test]
async fn of_many_people_each_sees_the_courses_that_they_see_alone() {
    with_app(async |app| {
        let (trainer, member, staff) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        for visibility in ["PUBLIC", "MEMBERS", "INVITED"] {
            for is_published in [true, false] {
                let course = Taught::course(&trainer, visibility, visibility).await;
                for (person, role) in [(&member, "MEMBER"), (&staff, "STAFF")] {
                    let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code } } }";
                    let input = json!({ "key": key(), "subjectId": course.id, "email": person.email, "role": role });
                    trainer.runs(grant, &json!({ "input": input })).await;
                }
                if is_published {
                    course.with_article("One", "Body").await;
                    course.publishes().await;
                }
            }
        }
        let (others, administrator) = ((app.practitioner().await, app.unvetted().await), app.administrator().await);
        let former = app.trainer().await;
        Taught::course(&former, "Before", "PUBLIC").await;
        let former = teaching::stops_teaching(&former).await;
        let [id, is_vetted, is_administrator, is_maker] = [1, 2, 3, 4].map(given_column);
        let person = Person { id, is_vetted, is_administrator, is_maker };
        let mut counts = Vec::new();
        for client in [trainer, member, staff, others.0, others.1, administrator, former] {
            let viewer = client.viewer().await;
            let is_maker = policy::maker(&viewer).is_ok();
            let row = vec![client.user().into(), viewer.is_vetted().into(), viewer.is_administrator().into(), is_maker.into()];
            let mut together = course::Entity::find();
            let its = policy::seen_by(&person);
            QueryTrait::query(&mut together).join(JoinType::InnerJoin, given(vec![row]), its);
            let ids = async |select: Select<course::Entity>| {
                select
                    .order_by_asc(course::Column::Id)
                    .all(app.db.read())
                    .await
                    .expect("courses")
                    .into_iter()
                    .map(|course| course.id)
            };
            let alone: Vec<_> = ids(policy::visible(&viewer)).await.collect();
            assert_eq!(ids(together).await.collect::<Vec<_>>(), alone, "{}", client.email);
            counts.push(alone.len());
        }
        assert_eq!(counts, [6, 3, 6, 2, 1, 7, 2]);
    })
    .await;
}
