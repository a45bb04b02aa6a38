//! The course with its quiz, still a draft.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{Loader, key, original, recordings::Recordings};
use crate::demo::content::{self, Lesson, Question, Quiz, Texts};

/// The course that was loaded.
pub struct Course {
    pub id: Value,
    /// Who teaches it.
    pub author: String,
}

/// Writes the course.
pub async fn load(loader: &Loader<'_>, course: content::Course, recordings: &Recordings) -> anyhow::Result<Course> {
    let (author, language) = (&course.author, &course.original_language);
    let text = original(&course.text, language)?;
    let input = json!({ "key": key("course"), "slug": course.slug, "visibility": course.visibility, "text": text });
    let id = loader.create(author, "courseCreate", "CourseCreateInput", input, "course").await?;
    loader.translate(author, "courseTextSet", "CourseTextInput", &id, &course.text, language).await?;
    let quiz = write_quiz(loader, author, language, &id).await?;
    for (number, module) in course.module.iter().enumerate() {
        let input = json!({ "key": key(&format!("module {number}")), "courseId": id, "text": original(&module.text, language)? });
        let module_id = loader.create(author, "moduleCreate", "ModuleCreateInput", input, "module").await?;
        loader.translate(author, "moduleTextSet", "ModuleTextInput", &module_id, &module.text, language).await?;
        for (place, lesson) in module.lesson.iter().enumerate() {
            let texts = with_articles(lesson)?;
            let input = json!({
                "key": key(&format!("lesson {number} {place}")), "moduleId": module_id, "kind": lesson.kind,
                "text": original(&texts, language)?, "content": shown(loader, author, lesson, recordings, &quiz).await?,
                "isRequired": lesson.required, "estimatedMinutes": lesson.minutes,
            });
            let lesson_id = loader.create(author, "lessonCreate", "LessonCreateInput", input, "lesson").await?;
            loader.translate(author, "lessonTextSet", "LessonTextInput", &lesson_id, &texts, language).await?;
        }
    }
    Ok(Course { id, author: course.author })
}

/// The texts of a lesson; an article's bodies lie in files of their own.
fn with_articles(lesson: &Lesson) -> anyhow::Result<Texts> {
    let mut texts = lesson.text.clone();
    if let Some(article) = &lesson.article {
        for (language, fields) in &mut texts {
            let body = content::text(&format!("articles/{article}.{language}.md"))?;
            fields.insert("body".to_owned(), json!(body));
        }
    }
    Ok(texts)
}

/// What a lesson shows besides its text.
async fn shown(
    loader: &Loader<'_>,
    author: &str,
    lesson: &Lesson,
    recordings: &Recordings,
    quiz: &Value,
) -> anyhow::Result<Value> {
    Ok(match lesson.kind.as_str() {
        "RECORDING" => {
            let name = lesson.recording.as_deref().unwrap_or_default();
            json!({ "recordingId": recordings.get(name).with_context(|| format!("the demo has no recording {name}"))? })
        }
        "QUIZ" => json!({ "quizId": quiz }),
        "DOCUMENT" => {
            let name = format!("{}.pdf", lesson.document.as_deref().unwrap_or_default());
            let file = json!({ "purpose": "DOCUMENT", "name": name, "contentType": "application/pdf" });
            let bytes = content::bytes(&format!("document/{name}"))?;
            json!({ "fileId": loader.upload(author, &name, file, bytes).await? })
        }
        "LINK" => json!({ "url": lesson.url }),
        _ => Value::Null,
    })
}

async fn write_quiz(loader: &Loader<'_>, author: &str, language: &str, course: &Value) -> anyhow::Result<Value> {
    let quiz: Quiz = content::read("quiz.toml")?;
    let input = json!({
        "key": key("quiz"), "courseId": course, "text": original(&quiz.text, language)?,
        "attemptLimit": quiz.attempt_limit, "timeLimitSeconds": quiz.time_limit_seconds,
        "passMarkPercent": quiz.pass_mark_percent, "shufflesQuestions": quiz.shuffles_questions,
        "shufflesChoices": quiz.shuffles_choices,
    });
    let id = loader.create(author, "quizCreate", "QuizCreateInput", input, "quiz").await?;
    loader.translate(author, "quizTextSet", "QuizTextInput", &id, &quiz.text, language).await?;
    write_questions(loader, author, language, ("", &id), &quiz.question).await?;
    Ok(id)
}

/// Writes the questions of a quiz; `of` is what the keys of its questions begin with.
pub async fn write_questions(
    loader: &Loader<'_>,
    author: &str,
    language: &str,
    (of, quiz): (&str, &Value),
    questions: &[Question],
) -> anyhow::Result<()> {
    for (number, question) in questions.iter().enumerate() {
        let input = json!({
            "key": key(&format!("{of}question {number}")), "quizId": quiz, "kind": question.kind, "points": question.points,
            "text": original(&question.text, language)?, "correctChoices": question.correct,
        });
        let id = loader.create(author, "questionCreate", "QuestionCreateInput", input, "question").await?;
        loader.translate(author, "questionTextSet", "QuestionTextInput", &id, &question.text, language).await?;
    }
    Ok(())
}
