//! Writing quizzes.

use serde_json::{Value, json};

use super::{Class, OF_EACH_KIND, QUESTION_CREATE, QUIZ_CREATE, QUIZ_UPDATE, Sort, audited, question_input, quiz_input, text};
use crate::app::{key, with_app};

const QUIZ: &str = "query($id: ID!) { quiz(id: $id) { id title attemptLimit timeLimitSeconds passMarkPercent shufflesQuestions
    shufflesChoices questionCount viewerCanEdit translations { language isOutdated } questions { id version position }
    text { title instructionsHtml language isOriginal } } }";
const QUESTION: &str = "query($id: ID!) { node(id: $id) { ... on Question { id version points correctChoiceIds kind
    text { prompt choices { text } } translations { language isOutdated prompt } } } }";
const QUESTION_UPDATE: &str = "mutation($id: ID!, $input: QuestionUpdateInput!) {
    questionUpdate(id: $id, input: $input) { question { version points correctChoiceIds text { prompt choices { id } }
        translations { language isOutdated } } userErrors { code field } } }";
const QUESTION_TEXT_SET: &str = "mutation($id: ID!, $input: QuestionTextInput!) {
    questionTextSet(id: $id, input: $input) { question { version translations { language isOutdated } }
        userErrors { code field } } }";
const QUESTION_TEXT_REMOVE: &str = "mutation($id: ID!, $language: Language!) {
    questionTextRemove(id: $id, language: $language) { question { translations { language } } userErrors { code field } } }";
const QUESTION_REMOVE: &str =
    "mutation($id: ID!) { questionRemove(id: $id) { quiz { questions { id position } } userErrors { code field } } }";
const REORDER: &str = "mutation($quiz: ID!, $ids: [ID!]!) { questionsReorder(quizId: $quiz, questionIds: $ids) {
    quiz { questions { id position } } userErrors { code field } } }";
const QUIZ_TEXT_SET: &str = "mutation($id: ID!, $input: QuizTextInput!) {
    quizTextSet(id: $id, input: $input) { quiz { translations { language isOutdated title } } userErrors { code field } } }";
const QUIZ_TEXT_REMOVE: &str = "mutation($id: ID!, $language: Language!) {
    quizTextRemove(id: $id, language: $language) { quiz { translations { language } } userErrors { code field } } }";

fn ids(quiz: &Value) -> Vec<String> {
    quiz["questions"].as_array().into_iter().flatten().map(|question| text(&question["id"])).collect()
}

#[tokio::test]
async fn only_staff_of_the_course_write_its_quizzes() {
    with_app(async |app| {
        let mut class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let question = class.ask(4, OF_EACH_KIND[0]).await;
        let (quiz, text) = (&class.quiz, json!({ "language": "fr", "title": "Traités" }));
        let wording = json!({ "language": "fr", "prompt": "?", "choices": ["a", "b", "c", "d"] });
        let calls = [
            (QUIZ_CREATE, json!({ "input": quiz_input(&class.course, &json!({})) }), "FORBIDDEN"),
            (QUIZ_UPDATE, json!({ "id": quiz, "input": { "passMarkPercent": 1 } }), "FORBIDDEN"),
            (QUIZ_TEXT_SET, json!({ "id": quiz, "input": text }), "FORBIDDEN"),
            (QUIZ_TEXT_REMOVE, json!({ "id": quiz, "language": "fr" }), "FORBIDDEN"),
            (QUESTION_CREATE, json!({ "input": question_input(quiz, 5, OF_EACH_KIND[0]) }), "FORBIDDEN"),
            (REORDER, json!({ "quiz": quiz, "ids": [] }), "FORBIDDEN"),
            (QUESTION_UPDATE, json!({ "id": question, "input": { "points": 1 } }), "NOT_FOUND"),
            (QUESTION_TEXT_SET, json!({ "id": question, "input": wording }), "NOT_FOUND"),
            (QUESTION_TEXT_REMOVE, json!({ "id": question, "language": "fr" }), "NOT_FOUND"),
            (QUESTION_REMOVE, json!({ "id": question }), "NOT_FOUND"),
        ];
        let (learner, other) = (class.learner().await, app.trainer().await);
        for (document, variables, code) in &calls {
            assert_eq!(learner.fails(document, variables).await, *code, "{document}");
            assert_eq!(other.fails(document, variables).await, *code, "{document}");
            assert_eq!(app.unvetted().await.fails(document, variables).await, "NOT_FOUND", "{document}");
            assert_eq!(app.visitor().fails(document, variables).await, "UNAUTHENTICATED", "{document}");
        }
        let admin = app.administrator().await;
        admin.runs(QUIZ_UPDATE, &json!({ "id": quiz, "input": { "passMarkPercent": 1 } })).await;
        admin.runs(QUESTION_UPDATE, &json!({ "id": question, "input": { "points": 1 } })).await;
    })
    .await;
}

#[tokio::test]
async fn a_quiz_that_is_not_published_exists_for_staff_only() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), OF_EACH_KIND).await;
        let learner = app.practitioner().await;
        let id = json!({ "id": class.quiz });
        assert_eq!(learner.runs(QUIZ, &id).await["quiz"], json!(null));
        assert_eq!(learner.runs("query($id: ID!) { node(id: $id) { id } }", &id).await["node"], json!(null));
        assert_eq!(learner.fails(QUIZ_UPDATE, &json!({ "id": class.quiz, "input": {} })).await, "NOT_FOUND");
        assert_eq!(class.trainer.runs(QUIZ, &id).await["quiz"]["viewerCanEdit"], true);
        let _ = class.published().await;
        assert_eq!(learner.runs(QUIZ, &id).await["quiz"]["viewerCanEdit"], false);
    })
    .await;
}

#[tokio::test]
async fn learners_see_a_quiz_as_it_was_published_last() {
    with_app(async |app| {
        let mut class = Class::new(app, json!({ "attemptLimit": 2 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let id = json!({ "id": class.quiz });
        let changes = json!({ "attemptLimit": null, "timeLimitSeconds": 60, "passMarkPercent": 90 });
        class.trainer.runs(QUIZ_UPDATE, &json!({ "id": class.quiz, "input": changes })).await;
        let title = json!({ "language": "en", "title": "Renamed" });
        class.trainer.runs(QUIZ_TEXT_SET, &json!({ "id": class.quiz, "input": title })).await;
        class.ask(4, OF_EACH_KIND[0]).await;

        let seen = learner.runs(QUIZ, &id).await["quiz"].clone();
        assert_eq!((&seen["attemptLimit"], &seen["timeLimitSeconds"]), (&json!(2), &json!(null)));
        assert_eq!((&seen["questionCount"], &seen["title"]), (&json!(3), &json!("Treaties")));
        assert_eq!(seen["text"]["instructionsHtml"], "<p dir=\"auto\">Take <strong>your</strong> time.</p>\n");
        assert_eq!((&seen["questions"], &seen["translations"]), (&json!(null), &json!([])));

        let class = class.published().await;
        let seen = learner.runs(QUIZ, &id).await["quiz"].clone();
        assert_eq!((&seen["attemptLimit"], &seen["timeLimitSeconds"]), (&json!(null), &json!(60)));
        assert_eq!((&seen["questionCount"], &seen["title"]), (&json!(4), &json!("Renamed")));
        drop(class);
    })
    .await;
}

#[tokio::test]
async fn a_quiz_without_questions_is_not_published() {
    with_app(async |app| {
        let mut class = Class::drafted(app, json!({}), &[]).await;
        let publish = "mutation($id: ID!) { coursePublish(id: $id) { userErrors { code field message } } }";
        let refused = class.trainer.sends(publish, &json!({ "id": class.course })).await;
        let error = &refused["data"]["coursePublish"]["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!("INCOMPLETE"), &json!("The quiz “Treaties” has no questions yet."))
        );
        class.ask(1, OF_EACH_KIND[0]).await;
        class.trainer.runs(publish, &json!({ "id": class.course })).await;
    })
    .await;
}

#[tokio::test]
async fn a_change_of_a_quiz_is_a_change_of_its_course() {
    with_app(async |app| {
        let mut class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let course = "query($id: ID!) { course(id: $id) { hasUnpublishedChanges publishedVersion { id } } }";
        let read = async |class: &Class<'_>| class.trainer.runs(course, &json!({ "id": class.course })).await["course"].clone();
        let before = read(&class).await;
        assert_eq!(before["hasUnpublishedChanges"], false);
        class = class.published().await;
        assert_eq!(read(&class).await, before, "an unchanged draft gives the version that stands");
        class.trainer.runs(QUIZ_UPDATE, &json!({ "id": class.quiz, "input": { "passMarkPercent": 61 } })).await;
        assert_eq!(read(&class).await["hasUnpublishedChanges"], true);
        class = class.published().await;
        let after = read(&class).await;
        assert_eq!(after["hasUnpublishedChanges"], false);
        assert_ne!(after["publishedVersion"], before["publishedVersion"]);
        class.ask(4, OF_EACH_KIND[0]).await;
        assert_eq!(read(&class).await["hasUnpublishedChanges"], true);
    })
    .await;
}

#[tokio::test]
async fn a_lesson_holds_a_quiz_of_its_own_course() {
    with_app(async |app| {
        let (class, other) = (Class::new(app, json!({}), OF_EACH_KIND).await, Class::new(app, json!({}), OF_EACH_KIND).await);
        let draft = "query($id: ID!) { course(id: $id) { draft { modules { lessons { id quiz { id } } } } } }";
        let draft = class.trainer.runs(draft, &json!({ "id": class.course })).await;
        let lesson = &draft["course"]["draft"]["modules"][0]["lessons"][0];
        assert_eq!(lesson["quiz"]["id"], class.quiz);
        let update = "mutation($id: ID!, $input: LessonUpdateInput!) { lessonUpdate(id: $id, input: $input) { userErrors { code field } } }";
        let foreign = json!({ "id": lesson["id"], "input": { "content": { "quizId": other.quiz } } });
        assert_eq!(class.trainer.problems(update, &foreign).await, ["NOT_FOUND input.content.quizId"]);
    })
    .await;
}

#[tokio::test]
async fn rules_stay_within_their_ranges_and_null_clears_a_limit() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({ "attemptLimit": 3, "timeLimitSeconds": 60 }), &[]).await;
        let wrong = json!({ "attemptLimit": 101, "timeLimitSeconds": 29, "passMarkPercent": 101 });
        let problems = class.trainer.problems(QUIZ_UPDATE, &json!({ "id": class.quiz, "input": wrong })).await;
        assert_eq!(
            problems,
            ["OUT_OF_RANGE input.attemptLimit", "OUT_OF_RANGE input.timeLimitSeconds", "OUT_OF_RANGE input.passMarkPercent"]
        );
        let changed = class.trainer.runs(QUIZ_UPDATE, &json!({ "id": class.quiz, "input": { "attemptLimit": null } })).await;
        let expected = json!({ "attemptLimit": null, "timeLimitSeconds": 60, "passMarkPercent": 60 });
        assert_eq!(changed["quizUpdate"]["quiz"], expected);
        let blank = json!({ "language": "de", "title": " " });
        let problems = class.trainer.problems(QUIZ_TEXT_SET, &json!({ "id": class.quiz, "input": blank })).await;
        assert_eq!(problems, ["INVALID input.language", "BLANK input.title"]);
    })
    .await;
}

#[tokio::test]
async fn a_question_must_be_answerable() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), &[]).await;
        let problems = async |sort: Sort| {
            class.trainer.problems(QUESTION_CREATE, &json!({ "input": question_input(&class.quiz, 1, sort) })).await
        };
        assert_eq!(problems(("SINGLE_CHOICE", 1, 3, &[])).await, ["INVALID input.correctChoices"]);
        assert_eq!(problems(("SINGLE_CHOICE", 1, 3, &[0, 1])).await, ["INVALID input.correctChoices"]);
        assert_eq!(problems(("MULTIPLE_CHOICE", 1, 3, &[])).await, ["INVALID input.correctChoices"]);
        assert_eq!(problems(("MULTIPLE_CHOICE", 1, 3, &[3])).await, ["OUT_OF_RANGE input.correctChoices"]);
        assert_eq!(problems(("TRUE_FALSE", 1, 3, &[0])).await, ["OUT_OF_RANGE input.text.choices"]);
        assert_eq!(
            problems(("SINGLE_CHOICE", 101, 21, &[0])).await,
            ["OUT_OF_RANGE input.points", "OUT_OF_RANGE input.text.choices"]
        );
        let mut blank = question_input(&class.quiz, 1, OF_EACH_KIND[0]);
        blank["text"] = json!({ "language": "fr", "prompt": " ", "choices": ["a", "", "c"] });
        let problems = class.trainer.problems(QUESTION_CREATE, &json!({ "input": blank })).await;
        assert_eq!(problems, ["BLANK input.text.prompt", "BLANK input.text.choices.1"]);
        blank["text"] = json!({ "language": "fr", "prompt": "?", "choices": ["a", "b"] });
        let problems = class.trainer.problems(QUESTION_CREATE, &json!({ "input": blank })).await;
        assert_eq!(problems, ["INVALID input.text.language"]);
    })
    .await;
}

#[tokio::test]
async fn each_change_of_a_question_makes_a_version() {
    with_app(async |app| {
        let mut class = Class::drafted(app, json!({}), &[]).await;
        let id = class.ask(1, OF_EACH_KIND[0]).await;
        let update = async |input: Value| {
            let changed = class.trainer.runs(QUESTION_UPDATE, &json!({ "id": id, "input": input })).await;
            changed["questionUpdate"]["question"].clone()
        };
        assert_eq!(update(json!({ "points": 3 })).await["version"], 1, "nothing changed");
        assert_eq!(update(json!({ "points": 5 })).await["version"], 2);
        let changed = update(json!({ "correctChoices": [2] })).await;
        assert_eq!((&changed["version"], &changed["points"]), (&json!(3), &json!(5)));
        assert_eq!(changed["correctChoiceIds"][0], changed["text"]["choices"][2]["id"]);
        let wording = json!({ "language": "en", "prompt": "New?", "choices": ["a", "b", "c", "d"] });
        let changed = update(json!({ "text": wording })).await;
        assert_eq!((&changed["version"], &changed["text"]["prompt"]), (&json!(4), &json!("New?")));
        assert_eq!(changed["correctChoiceIds"][0], changed["text"]["choices"][2]["id"]);
        let shorter = json!({ "text": { "language": "en", "prompt": "New?", "choices": ["a", "b"] } });
        let problems = class.trainer.problems(QUESTION_UPDATE, &json!({ "id": id, "input": shorter })).await;
        assert_eq!(problems, ["OUT_OF_RANGE input.correctChoices"], "the right choice would be gone");
        assert_eq!(
            audited(app, &json!(id)).await,
            ["question.updated", "question.updated", "question.updated", "question.created"]
        );
    })
    .await;
}

#[tokio::test]
async fn translations_of_a_question_go_along_and_become_outdated() {
    with_app(async |app| {
        let mut class = Class::drafted(app, json!({}), &[]).await;
        let id = class.ask(1, OF_EACH_KIND[0]).await;
        let french = json!({ "language": "fr", "prompt": "Quoi ?", "choices": ["a", "b", "c", "d"] });
        let set = class.trainer.runs(QUESTION_TEXT_SET, &json!({ "id": id, "input": french })).await;
        assert_eq!(set["questionTextSet"]["question"]["version"], 1);
        let short = json!({ "language": "fr", "prompt": "Quoi ?", "choices": ["a", "b"] });
        assert_eq!(
            class.trainer.problems(QUESTION_TEXT_SET, &json!({ "id": id, "input": short })).await,
            ["INVALID input.choices"]
        );

        let update = async |input: Value| {
            let changed = class.trainer.runs(QUESTION_UPDATE, &json!({ "id": id, "input": input })).await;
            changed["questionUpdate"]["question"]["translations"].clone()
        };
        let english = json!({ "language": "en", "isOutdated": false });
        let current = json!([english, { "language": "fr", "isOutdated": false }]);
        assert_eq!(update(json!({ "points": 9 })).await, current, "other points say nothing else");
        let wording = json!({ "language": "en", "prompt": "What else?", "choices": ["a", "b", "c", "d"] });
        assert_eq!(update(json!({ "text": wording })).await, json!([english, { "language": "fr", "isOutdated": true }]));
        class.trainer.runs(QUESTION_TEXT_SET, &json!({ "id": id, "input": french })).await;
        assert_eq!(update(json!({ "points": 8 })).await, current);
        let shorter = json!({ "language": "en", "prompt": "What else?", "choices": ["a", "b"] });
        assert_eq!(update(json!({ "text": shorter, "correctChoices": [0] })).await, json!([english]));

        let remove = |language: &str| json!({ "id": id, "language": language });
        assert_eq!(class.trainer.problems(QUESTION_TEXT_REMOVE, &remove("fr")).await, ["NOT_FOUND language"]);
        assert_eq!(class.trainer.problems(QUESTION_TEXT_REMOVE, &remove("en")).await, ["WRONG_STATE language"]);
    })
    .await;
}

#[tokio::test]
async fn translations_of_a_quiz_become_outdated_and_can_be_removed() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), &[]).await;
        let set = async |language: &str, title: &str| {
            let input = json!({ "language": language, "title": title });
            let set = class.trainer.runs(QUIZ_TEXT_SET, &json!({ "id": class.quiz, "input": input })).await;
            set["quizTextSet"]["quiz"]["translations"].clone()
        };
        set("ar", "معاهدات").await;
        let texts = set("en", "Treaties today").await;
        let arabic = json!({ "language": "ar", "isOutdated": true, "title": "معاهدات" });
        assert_eq!(texts, json!([arabic, { "language": "en", "isOutdated": false, "title": "Treaties today" }]));
        assert_eq!(set("ar", "معاهدات اليوم").await[0]["isOutdated"], false);
        let remove = |language: &str| json!({ "id": class.quiz, "language": language });
        let left = class.trainer.runs(QUIZ_TEXT_REMOVE, &remove("ar")).await;
        assert_eq!(left["quizTextRemove"]["quiz"]["translations"], json!([{ "language": "en" }]));
        assert_eq!(class.trainer.problems(QUIZ_TEXT_REMOVE, &remove("ar")).await, ["NOT_FOUND language"]);
        assert_eq!(class.trainer.problems(QUIZ_TEXT_REMOVE, &remove("en")).await, ["WRONG_STATE language"]);
    })
    .await;
}

#[tokio::test]
async fn the_same_texts_again_outdate_nothing_and_are_no_change() {
    with_app(async |app| {
        let mut class = Class::drafted(app, json!({}), &[]).await;
        let id = class.ask(1, OF_EACH_KIND[0]).await;
        let choices = json!(["a", "b", "c", "d"]);
        let of_quiz = |language: &str| json!({ "language": language, "title": "Treaties" });
        let of_question = |language: &str| json!({ "language": language, "prompt": "What?", "choices": choices });
        for language in ["en", "fr", "en", "fr"] {
            class.trainer.runs(QUIZ_TEXT_SET, &json!({ "id": class.quiz, "input": of_quiz(language) })).await;
            class.trainer.runs(QUESTION_TEXT_SET, &json!({ "id": id, "input": of_question(language) })).await;
        }
        let current = |language: &str| json!({ "language": language, "isOutdated": false });
        let seen = class.trainer.runs(QUIZ, &json!({ "id": class.quiz })).await["quiz"]["translations"].clone();
        assert_eq!(seen, json!([current("en"), current("fr")]));
        let seen = class.trainer.runs(QUESTION_TEXT_SET, &json!({ "id": id, "input": of_question("fr") })).await;
        let question = seen["questionTextSet"]["question"].clone();
        assert_eq!(question, json!({ "version": 2, "translations": [current("en"), current("fr")] }));
        assert_eq!(audited(app, &json!(class.quiz)).await, ["quiz.text_set", "quiz.text_set", "quiz.created"]);
        assert_eq!(audited(app, &json!(id)).await, ["question.text_set", "question.updated", "question.created"]);
    })
    .await;
}

#[tokio::test]
async fn staff_find_all_quizzes_of_a_course_also_those_in_no_lesson() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let made = class.trainer.runs(QUIZ_CREATE, &json!({ "input": quiz_input(&class.course, &json!({})) })).await;
        let spare = made["quizCreate"]["quiz"]["id"].clone();
        let list = "query($id: ID!, $after: String) { course(id: $id) { quizzes(first: 1, after: $after) {
            nodes { id questionCount } pageInfo { hasNextPage endCursor } } } }";
        let read = async |after: Value| {
            let page = class.trainer.runs(list, &json!({ "id": class.course, "after": after })).await;
            page["course"]["quizzes"].clone()
        };
        let newest = read(json!(null)).await;
        assert_eq!(newest["nodes"], json!([{ "id": spare, "questionCount": 0 }]));
        let next = read(newest["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(next["nodes"], json!([{ "id": class.quiz, "questionCount": 3 }]));
        assert_eq!(next["pageInfo"]["hasNextPage"], false);
        for person in [class.learner().await, app.trainer().await] {
            let seen = person.runs(list, &json!({ "id": class.course })).await;
            assert_eq!(seen["course"]["quizzes"], json!(null));
        }
    })
    .await;
}

#[tokio::test]
async fn questions_are_put_in_order_and_taken_out_without_gaps() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), OF_EACH_KIND).await;
        let quiz = class.trainer.runs(QUIZ, &json!({ "id": class.quiz })).await["quiz"].clone();
        let [one, two, three] = <[String; 3]>::try_from(ids(&quiz)).expect("three questions");
        let reorder = |ids: &[&String]| json!({ "quiz": class.quiz, "ids": ids });
        let quiz = class.trainer.runs(REORDER, &reorder(&[&three, &one, &two])).await["questionsReorder"]["quiz"].clone();
        assert_eq!(ids(&quiz), [three.clone(), one.clone(), two.clone()]);
        assert_eq!(class.trainer.problems(REORDER, &reorder(&[&one, &two])).await, ["INCOMPLETE questionIds"]);
        let twice = class.trainer.problems(REORDER, &reorder(&[&one, &two, &two])).await;
        assert_eq!(twice, ["NOT_FOUND questionIds.2", "INCOMPLETE questionIds"]);
        let stranger = lyceum::ids::QuestionId::new().to_string();
        assert_eq!(
            class.trainer.problems(REORDER, &reorder(&[&one, &two, &stranger])).await,
            ["NOT_FOUND questionIds.2", "INCOMPLETE questionIds"]
        );

        let left = class.trainer.runs(QUESTION_REMOVE, &json!({ "id": one })).await;
        let expected = json!([{ "id": three, "position": 1 }, { "id": two, "position": 2 }]);
        assert_eq!(left["questionRemove"]["quiz"]["questions"], expected);
        assert_eq!(class.trainer.fails(QUESTION_REMOVE, &json!({ "id": one })).await, "NOT_FOUND");
        assert_eq!(class.trainer.runs(QUESTION, &json!({ "id": one })).await["node"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn a_key_makes_one_quiz_and_one_question() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), &[]).await;
        let mut input = quiz_input(&class.course, &json!({}));
        let made = class.trainer.runs(QUIZ_CREATE, &json!({ "input": input })).await;
        assert_eq!(class.trainer.runs(QUIZ_CREATE, &json!({ "input": input })).await, made);
        input["attemptLimit"] = json!(1);
        assert_eq!(class.trainer.problems(QUIZ_CREATE, &json!({ "input": input })).await, ["KEY_REUSED input.key"]);
        let mut question = question_input(&class.quiz, 1, OF_EACH_KIND[0]);
        question["key"] = json!(key());
        let made = class.trainer.runs(QUESTION_CREATE, &json!({ "input": question })).await;
        assert_eq!(class.trainer.runs(QUESTION_CREATE, &json!({ "input": question })).await, made);
    })
    .await;
}
