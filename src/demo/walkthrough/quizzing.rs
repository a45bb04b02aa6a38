//! A quiz: written in two languages, attempted badly, then well.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{
    Client, People, Walk, key, list, same,
    teaching::{Course, create_lesson},
    text,
};

/// Kind, question and its choices in English and Arabic, and which are right.
type Written = (&'static str, [(&'static str, &'static [&'static str]); 2], &'static [usize]);

const QUESTIONS: [Written; 3] = [
    (
        "SINGLE_CHOICE",
        [
            ("Who sends a request?", &["The central authority", "A newspaper", "Nobody"]),
            ("من يرسل الطلب؟", &["السلطة المركزية", "صحيفة", "لا أحد"]),
        ],
        &[0],
    ),
    (
        "MULTIPLE_CHOICE",
        [
            ("What does a request name?", &["What is asked", "The weather", "Why it is asked"]),
            ("ماذا يذكر الطلب؟", &["المطلوب", "الطقس", "سبب الطلب"]),
        ],
        &[0, 2],
    ),
    (
        "TRUE_FALSE",
        [("Extradition sends documents only.", &["True", "False"]), ("التسليم يقتصر على إرسال الوثائق.", &["صواب", "خطأ"])],
        &[1],
    ),
];

/// What is asked of an attempt.
pub const ATTEMPT: &str = "attempt { id state scorePercent isPassed questions {
    questionId isCorrect correctChoiceIds text(language: \"en\") { prompt explanation choices { id text } } } }";

/// Writes the quiz and its lesson.
pub async fn write(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let trainer = &people.trainer;
    let input = json!({
        "key": key(), "courseId": course.id, "text": { "language": "en", "title": "What a request needs" },
        "attemptLimit": 3, "timeLimitSeconds": 600, "passMarkPercent": 60, "shufflesChoices": true,
    });
    let quiz = trainer.create("quizCreate", "QuizCreateInput", input, "quiz").await?;
    let arabic = json!({ "language": "ar", "title": "ما يحتاج إليه الطلب" });
    trainer.change("quizTextSet", &[("id: ID!", quiz.clone()), ("input: QuizTextInput!", arabic)], "").await?;
    ask(trainer, &quiz).await?;
    create_lesson(trainer, &course.module, "QUIZ", ("Check yourself", "اختبر نفسك"), "", json!({ "quizId": quiz })).await?;
    walk.did("writes a quiz in two languages", "3 questions: single choice, multiple choice, true or false");
    Ok(())
}

/// Writes the questions of a quiz.
pub async fn ask(author: &Client, quiz: &Value) -> anyhow::Result<()> {
    for (kind, [english, arabic], correct) in QUESTIONS {
        let said = |language: &str, (prompt, choices): (&str, &[&str])| json!({ "language": language, "prompt": prompt, "choices": choices, "explanation": "As the article says." });
        let input = json!({
            "key": key(), "quizId": quiz, "kind": kind, "text": said("en", english), "correctChoices": correct,
        });
        let question = author.create("questionCreate", "QuestionCreateInput", input, "question").await?;
        let arguments = [("id: ID!", question), ("input: QuestionTextInput!", said("ar", arabic))];
        author.change("questionTextSet", &arguments, "").await?;
    }
    Ok(())
}

/// Makes an attempt that fails and one that passes.
pub async fn attempt(walk: &mut Walk<'_>, people: &People, course: &Course) -> anyhow::Result<()> {
    let learner = &people.practitioner;
    let (begun, failed) = sit(learner, course, false).await?;
    ensure!(!shows_answers(&begun), "the right answers came with the questions");
    ensure!(!shows_answers(&failed), "the right answers came before the last attempt");
    same("passed", &failed["isPassed"], false)?;
    let wrong = list(&failed["questions"]).filter(|question| question["isCorrect"] == false).count();
    walk.did("sits the quiz, wrongly", &format!("{}, {wrong} wrong; right answers are not told", percent(&failed)));

    let (_, passed) = sit(learner, course, true).await?;
    same("passed", &passed["isPassed"], true)?;
    ensure!(shows_answers(&passed), "no feedback after passing");
    let again = hand_in(learner, &passed["id"]).await?;
    same("an attempt handed in again", &again["scorePercent"], passed["scorePercent"].clone())?;
    walk.did("sits it again, rightly, and hands in twice", &format!("{}, passed, once; feedback now", percent(&passed)));
    Ok(())
}

/// The score of an attempt.
pub fn percent(attempt: &Value) -> String {
    format!("{:.0} %", attempt["scorePercent"].as_f64().unwrap_or_default())
}

/// Whether an attempt tells any right answer.
pub fn shows_answers(attempt: &Value) -> bool {
    list(&attempt["questions"])
        .any(|question| !question["correctChoiceIds"].is_null() || !question["text"]["explanation"].is_null())
}

/// Makes a whole attempt; as it began, and as it ended.
async fn sit(learner: &Client, course: &Course, rightly: bool) -> anyhow::Result<(Value, Value)> {
    let lesson = course.lesson("QUIZ")?;
    let arguments = [("lessonId: ID!", lesson.clone()), ("key: UUID!", json!(key()))];
    let begun = learner.change("quizAttemptStart", &arguments, ATTEMPT).await?["attempt"].clone();
    let ended = finish(learner, &begun, rightly).await?;
    Ok((begun, ended))
}

/// Answers all questions of an attempt and hands it in; as it ended.
pub async fn finish(learner: &Client, begun: &Value, rightly: bool) -> anyhow::Result<Value> {
    for question in list(&begun["questions"]) {
        let chosen = choices(question, rightly)?;
        let input = json!({
            "attemptId": begun["id"], "questionId": question["questionId"], "chosenIds": chosen, "sequence": 1,
        });
        let answer = "question { isCorrect correctChoiceIds }";
        let saved = learner.change("quizResponseSave", &[("input: QuizResponseSaveInput!", input)], answer).await?;
        same("what saving tells", &saved["question"], json!({ "isCorrect": null, "correctChoiceIds": null }))?;
    }
    hand_in(learner, &begun["id"]).await
}

/// The ids of the right choices of a question, or of wrong ones.
fn choices(question: &Value, rightly: bool) -> anyhow::Result<Vec<Value>> {
    let prompt = text(&question["text"]["prompt"]);
    let known = QUESTIONS.iter().find(|(_, [(english, _), _], _)| *english == prompt);
    let (_, [(_, written), _], correct) = known.with_context(|| format!("an unknown question: {prompt}"))?;
    let is_right = |choice: &Value| correct.iter().any(|place| written.get(*place) == Some(&text(&choice["text"])));
    let chosen = list(&question["text"]["choices"]).filter(|choice| is_right(choice) == rightly);
    Ok(chosen.map(|choice| choice["id"].clone()).take(if rightly { written.len() } else { 1 }).collect())
}

async fn hand_in(learner: &Client, attempt: &Value) -> anyhow::Result<Value> {
    let submitted = learner.change("quizAttemptSubmit", &[("id: ID!", attempt.clone())], ATTEMPT).await?;
    same("the state", &submitted["attempt"]["state"], "SUBMITTED")?;
    Ok(submitted["attempt"].clone())
}
