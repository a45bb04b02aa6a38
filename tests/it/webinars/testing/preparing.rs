//! Giving a webinar its tests.

use serde_json::json;

use super::{CREATE, PUBLISH, REMOVE, START, Tested};
use crate::{
    app::{key, with_app},
    webinars::{id, lets_in, organiser, update},
};

const QUIZ_CREATE: &str =
    "mutation($input: QuizCreateInput!) { quizCreate(input: $input) { quiz { id } userErrors { code field } } }";
const COURSE_CREATE: &str = "mutation($input: CourseCreateInput!) { courseCreate(input: $input) { course { id }
    userErrors { code field } } }";
const WRITTEN: &str = "query($id: ID!) { quiz(id: $id) { title attemptLimit passMarkPercent timeLimitSeconds course { id }
    webinar { id } text { instructions } translations { language title } questions { id text { prompt language
        choices { id text } explanation } translations { language prompt } correctChoiceIds } } }";

#[tokio::test]
async fn a_webinar_gets_each_test_once_and_publishes_it_once_it_asks_something() {
    with_app(async |app| {
        let tested = Tested::new(app).await;
        assert!(tested.seen(&tested.organiser).await["preTest"].is_null());
        let input = json!({ "input": { "key": key(), "webinarId": tested.webinar, "kind": "PRE" } });
        let made = tested.organiser.runs(CREATE, &input).await;
        assert_eq!(tested.organiser.runs(CREATE, &input).await, made, "the same key makes one test");
        assert_eq!(tested.organiser.problems(CREATE, &input_of(&tested, "PRE")).await, ["WRONG_STATE input.kind"]);
        let quiz = id(&made["webinarTestCreate"]["webinar"]["preTest"]["quiz"]);
        let written = tested.organiser.runs(WRITTEN, &json!({ "id": quiz })).await["quiz"].clone();
        assert_eq!((&written["title"], &written["attemptLimit"]), (&json!("Pre-test"), &json!(1)), "it is taken once");
        assert_eq!((&written["course"], &written["webinar"]["id"]), (&json!(null), &json!(tested.webinar)));

        assert_eq!(tested.organiser.problems(PUBLISH, &tested.of("PRE")).await, ["INCOMPLETE"]);
        assert_eq!(tested.organiser.problems(PUBLISH, &tested.of("POST")).await, ["NOT_FOUND kind"]);
        tested.asks(&quiz, 1).await;
        for _ in 0..2 {
            let done = tested.organiser.runs(PUBLISH, &tested.of("PRE")).await;
            assert_eq!(done["webinarTestPublish"]["webinar"]["preTest"]["isPublished"], true);
        }
    })
    .await;
}

fn input_of(tested: &Tested<'_>, kind: &str) -> serde_json::Value {
    json!({ "input": { "key": key(), "webinarId": tested.webinar, "kind": kind } })
}

#[tokio::test]
async fn a_post_test_can_ask_what_the_pre_test_asks_and_then_changes_by_itself() {
    with_app(async |app| {
        let tested = Tested::new(app).await;
        let pre_test = tested.gives("PRE", json!(null)).await;
        tested.asks(&pre_test, 2).await;
        tested.rules(&pre_test, json!({ "passMarkPercent": 80, "timeLimitSeconds": 600 })).await;
        let text = "mutation($id: ID!, $input: QuizTextInput!) { quizTextSet(id: $id, input: $input) { userErrors { code } } }";
        for (language, said) in [("en", "Take your time."), ("fr", "Prenez votre temps.")] {
            let input = json!({ "language": language, "title": "Before", "instructions": said });
            tested.organiser.runs(text, &json!({ "id": pre_test, "input": input })).await;
        }
        let read = async |quiz: &str| tested.organiser.runs(WRITTEN, &json!({ "id": quiz })).await["quiz"].clone();
        let before = read(&pre_test).await;
        let translate = "mutation($id: ID!, $input: QuestionTextInput!) { questionTextSet(id: $id, input: $input) {
            userErrors { code } } }";
        let french = json!({ "language": "fr", "prompt": "Vrai ?", "choices": ["Oui", "Non"] });
        tested.organiser.runs(translate, &json!({ "id": before["questions"][0]["id"], "input": french })).await;

        let post_test = tested.gives("POST", json!(pre_test)).await;
        let (before, copy) = (read(&pre_test).await, read(&post_test).await);
        assert_eq!(
            copy["translations"],
            json!([{ "language": "en", "title": "Post-test" }, { "language": "fr", "title": "Test final" }])
        );
        assert_eq!(copy["text"]["instructions"], "Take your time.");
        assert_eq!((&copy["passMarkPercent"], &copy["timeLimitSeconds"]), (&json!(80), &json!(600)));
        assert_eq!(copy["attemptLimit"], json!(null), "it is taken until it is passed");
        for (asked, copied) in
            before["questions"].as_array().into_iter().flatten().zip(copy["questions"].as_array().into_iter().flatten())
        {
            assert_eq!((&asked["text"]["prompt"], &asked["translations"]), (&copied["text"]["prompt"], &copied["translations"]));
            assert_ne!(asked["id"], copied["id"]);
            assert_eq!(copied["correctChoiceIds"], json!([copied["text"]["choices"][0]["id"]]));
            assert_ne!(asked["text"]["choices"][0]["id"], copied["text"]["choices"][0]["id"]);
        }
        tested.asks(&pre_test, 1).await;
        assert_eq!(read(&post_test).await["questions"].as_array().map(Vec::len), Some(2));
    })
    .await;
}

#[tokio::test]
async fn what_is_copied_is_a_quiz_of_the_organiser_in_the_language_of_the_webinar() {
    with_app(async |app| {
        let (tested, other) = (Tested::new(app).await, Tested::new(app).await);
        let foreign = other.gives("PRE", json!(null)).await;
        let copying =
            |quiz: &str| json!({ "input": { "key": key(), "webinarId": tested.webinar, "kind": "PRE", "copyOf": quiz } });
        assert_eq!(tested.organiser.problems(CREATE, &copying(&foreign)).await, ["NOT_FOUND input.copyOf"]);

        let french = course_quiz(&tested, "fr").await;
        assert_eq!(tested.organiser.problems(CREATE, &copying(&french)).await, ["INVALID input.copyOf"]);
        let english = course_quiz(&tested, "en").await;
        tested.asks(&english, 1).await;
        let made = tested.organiser.runs(CREATE, &copying(&english)).await["webinarTestCreate"]["webinar"].clone();
        let copy = tested.organiser.runs(WRITTEN, &json!({ "id": made["preTest"]["quiz"]["id"] })).await["quiz"].clone();
        assert_eq!((&copy["course"], copy["questions"].as_array().map(Vec::len)), (&json!(null), Some(1)));
    })
    .await;
}

/// A quiz of another's course in this language, of whose staff the organiser is.
async fn course_quiz(tested: &Tested<'_>, language: &str) -> String {
    let trainer = tested.app.trainer().await;
    let text = json!({ "language": language, "title": "Traités" });
    let input = json!({ "key": key(), "visibility": "MEMBERS", "text": text });
    let course = trainer.runs(COURSE_CREATE, &json!({ "input": input })).await["courseCreate"]["course"]["id"].clone();
    lets_in(&trainer, course.as_str().expect("an id"), &tested.organiser, "STAFF").await;
    let input = json!({ "key": key(), "courseId": course, "text": text });
    id(&trainer.runs(QUIZ_CREATE, &json!({ "input": input })).await["quizCreate"]["quiz"])
}

#[tokio::test]
async fn a_test_is_removed_only_while_nobody_has_attempted_it() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let attempt = tested.starts(&person, "PRE").await;
        assert_eq!(tested.organiser.problems(REMOVE, &tested.of("PRE")).await, ["WRONG_STATE kind"]);
        for _ in 0..2 {
            let left = tested.organiser.runs(REMOVE, &tested.of("POST")).await["webinarTestRemove"]["webinar"].clone();
            assert_eq!((&left["preTest"]["kind"], &left["postTest"]), (&json!("PRE"), &json!(null)));
        }
        assert_eq!(person.fails(START, &tested.starting("POST")).await, "NOT_FOUND");
        super::hands_in(&person, &attempt).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_published_again_is_asked_of_those_who_begin_later() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (first, second, third) = (tested.registrant().await, tested.registrant().await, tested.registrant().await);
        let before = tested.starts(&first, "PRE").await;
        let quiz = id(&tested.seen(&tested.organiser).await["preTest"]["quiz"]);
        tested.asks(&quiz, 1).await;
        let asked = async |person| tested.starts(person, "PRE").await["questions"].as_array().map(Vec::len);
        assert_eq!(asked(&third).await, Some(2), "a draft is nobody's");
        tested.publishes("PRE").await;
        assert_eq!(asked(&second).await, Some(3));
        assert_eq!(asked(&first).await, Some(2), "what was begun stays as it was");
        assert_eq!(super::hands_in(&first, &before).await["maxPoints"], 2);
        tested.goes_to("endsAt", 1).await;
    })
    .await;
}

#[tokio::test]
async fn quizzes_of_courses_and_of_webinars_stay_apart() {
    with_app(async |app| {
        let tested = Tested::new(app).await;
        let quiz = tested.gives("PRE", json!(null)).await;
        tested.asks(&quiz, 1).await;
        let trainer = app.trainer().await;
        let text = json!({ "language": "en", "title": "Treaties" });
        let input = json!({ "key": key(), "visibility": "MEMBERS", "text": text });
        let course = trainer.runs(COURSE_CREATE, &json!({ "input": input })).await["courseCreate"]["course"]["id"].clone();
        lets_in(&trainer, course.as_str().expect("an id"), &tested.organiser, "STAFF").await;
        let module = "mutation($input: ModuleCreateInput!) { moduleCreate(input: $input) { module { id } userErrors { code } } }";
        let input = json!({ "key": key(), "courseId": course, "text": text });
        let module = tested.organiser.runs(module, &json!({ "input": input })).await["moduleCreate"]["module"]["id"].clone();
        let lesson =
            "mutation($input: LessonCreateInput!) { lessonCreate(input: $input) { lesson { id } userErrors { code field } } }";
        let input =
            json!({ "input": { "key": key(), "moduleId": module, "kind": "QUIZ", "text": text, "content": { "quizId": quiz } } });
        assert_eq!(tested.organiser.problems(lesson, &input).await, ["NOT_FOUND input.content.quizId"]);
        let quizzes = "query($id: ID!) { course(id: $id) { quizzes { nodes { id } } } }";
        let seen = tested.organiser.runs(quizzes, &json!({ "id": course })).await;
        assert_eq!(seen["course"]["quizzes"]["nodes"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn only_who_may_change_the_webinar_gives_it_tests() {
    with_app(async |app| {
        let (tested, other) = (Tested::with_both(app).await, organiser(app).await);
        let quiz = id(&tested.seen(&tested.organiser).await["preTest"]["quiz"]);
        let registrant = tested.registrant().await;
        let rules = "mutation($id: ID!) { quizUpdate(id: $id, input: { passMarkPercent: 1 }) { userErrors { code } } }";
        for person in [&other, &registrant, &app.practitioner().await] {
            assert_eq!(person.fails(CREATE, &input_of(&tested, "PRE")).await, "FORBIDDEN");
            for change in [PUBLISH, REMOVE] {
                assert_eq!(person.fails(change, &tested.of("PRE")).await, "FORBIDDEN");
            }
        }
        assert_eq!(other.fails(rules, &json!({ "id": quiz })).await, "NOT_FOUND");
        assert_eq!(registrant.fails(rules, &json!({ "id": quiz })).await, "FORBIDDEN", "it is theirs to see");
        update(&tested.organiser, &tested.webinar, json!({ "visibility": "INVITED" })).await;
        assert_eq!(other.fails(PUBLISH, &tested.of("PRE")).await, "NOT_FOUND");
        lets_in(&tested.organiser, &tested.webinar, &other, "STAFF").await;
        other.runs(rules, &json!({ "id": quiz })).await;
        other.runs(PUBLISH, &tested.of("PRE")).await;
    })
    .await;
}
