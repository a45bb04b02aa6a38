//! Things of each type and state whose fields are asked for, and the way to them. A new type of the schema needs one here.

use serde_json::{Value, json};

use super::world::World;

/// A thing, and the way to it.
pub struct Thing {
    pub kind: &'static str,
    /// Which of its type, as the matrix shows it.
    pub remark: String,
    pub variables: Value,
    /// A document that asks for it, with `@` in the place of its fields.
    way: String,
}

impl Thing {
    pub fn document(&self, fields: &str) -> String {
        self.way.replace('@', fields)
    }
}

fn remark(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(", {text}") }
}

/// Something with an id.
fn node(kind: &'static str, which: &str, id: &str) -> Thing {
    within(kind, which, id, &format!("{kind} @"))
}

/// Something on the way from what has an id.
fn within(kind: &'static str, which: &str, id: &str, way: &str) -> Thing {
    let way = format!("query($id: ID!) {{ node(id: $id) {{ ... on {way} }} }}");
    Thing { kind, remark: remark(which), variables: json!({ "id": id }), way }
}

/// Something on the way from the root.
fn root(kind: &'static str, way: &str) -> Thing {
    Thing { kind, remark: String::new(), variables: json!({}), way: format!("{{ {way} }}") }
}

/// All of them.
pub fn things(w: &World) -> Vec<Thing> {
    [site(w), courses(w), recordings(w), quizzes(w), attempts(w), forum(w), posts(w), webinars(w), inviting(w)]
        .into_iter()
        .flatten()
        .collect()
}

fn site(w: &World) -> Vec<Thing> {
    vec![
        root("Site", "site @"),
        root("SiteLanguage", "site { languages @ }"),
        root("Viewer", "viewer @"),
        root("Session", "viewer { session @ }"),
        node("User", "the learner", &w["@learner"]),
        node("User", "the owner, who shows their name to visitors", &w["@owner"]),
        root("AuditEntry", "auditEntries { nodes @ }"),
    ]
}

fn courses(w: &World) -> Vec<Thing> {
    let (course, lesson) = (&w["course"], &w["article lesson"]);
    let code = &w["completion code"];
    vec![
        node("Course", "published", course),
        node("Course", "never published", &w["draft course"]),
        within("CourseText", "", course, "Course { text @ }"),
        node("CourseVersion", "published", &w["version"]),
        node("CourseVersion", "the draft", &w["draft version"]),
        node("Module", "published", &w["published module"]),
        node("Module", "of the draft", &w["module"]),
        within("ModuleText", "", &w["published module"], "Module { text @ }"),
        node("Lesson", "a published article", lesson),
        node("Lesson", "a published document", &w["document lesson"]),
        node("Lesson", "a published link", &w["link lesson"]),
        node("Lesson", "a published recording", &w["recording lesson"]),
        node("Lesson", "a published quiz", &w["quiz lesson"]),
        node("Lesson", "an article of the draft", &w["draft article"]),
        within("LessonText", "of a published article", lesson, "Lesson { text @ }"),
        within("LessonProgress", "", lesson, "Lesson { viewerProgress @ }"),
        node("Enrolment", "of the learner", &w["enrolment"]),
        node("Completion", "of the learner", &w["completion"]),
        within("Certificate", "", &w["completion"], "Completion { certificate @ }"),
        within("CertificateFile", "", &w["completion"], "Completion { certificate { badge @ } }"),
        root("CertificateCheck", &format!("certificateCheck(code: {code:?}, name: \"Somebody\") @")),
        node("Access", "of the learner to the course", &w["course access of learner"]),
        node("Access", "of the learner to the community", &w["community access of learner"]),
    ]
}

fn recordings(w: &World) -> Vec<Thing> {
    let (recording, upload) = (&w["recording"], &w["upload"]);
    let addresses = "Upload { partAddresses(numbers: [1]) ";
    vec![
        node("Recording", "published", recording),
        node("Recording", "a draft", &w["draft recording"]),
        within("RecordingText", "", recording, "Recording { text @ }"),
        within("Rendition", "", recording, "Recording { renditions @ }"),
        within("Playback", "", recording, "Recording { playback @ }"),
        within("PlaybackCaptions", "", recording, "Recording { playback { captions @ } }"),
        within("Watch", "", recording, "Recording { viewerWatch @ }"),
        within("WatchedInterval", "", recording, "Recording { viewerWatch { intervals @ } }"),
        node("Captions", "", &w["captions"]),
        within("TranscriptCue", "", &w["captions"], "Captions { transcript @ }"),
        node("Speaker", "who agreed", &w["speaker"]),
        node("Speaker", "who has not agreed", &w["silent speaker"]),
        node("Upload", "", upload),
        within("PartAddress", "", upload, &format!("{addresses} @ }}")),
        within("FileAddress", "", upload, &format!("{addresses} {{ address @ }} }}")),
        within("HttpHeader", "", upload, &format!("{addresses} {{ address {{ headers @ }} }} }}")),
        within("UploadedPart", "", upload, "Upload { parts @ }"),
        node("File", "a document of the course", &w["document"]),
        node("File", "one that has not come", &w["pending file"]),
    ]
}

fn quizzes(w: &World) -> Vec<Thing> {
    let quiz = &w["quiz"];
    vec![
        node("Quiz", "under way", quiz),
        node("Quiz", "failed once", &w["failed quiz"]),
        node("Quiz", "passed", &w["passed quiz"]),
        within("QuizText", "", quiz, "Quiz { text @ }"),
        node("Question", "", &w["question"]),
        within("QuestionText", "of the draft", &w["question"], "Question { text @ }"),
        within("ChoiceText", "of the draft", &w["question"], "Question { text { choices @ } }"),
        node("QuizAllowance", "of the learner", &w["allowance"]),
    ]
}

fn attempts(w: &World) -> Vec<Thing> {
    let attempts = [("under way", "attempt"), ("failed, with one left", "failed attempt"), ("passed", "passed attempt")];
    let things = attempts.map(|(which, name)| {
        [
            node("QuizAttempt", which, &w[name]),
            within("AttemptQuestion", which, &w[name], "QuizAttempt { questions @ }"),
            within("QuestionText", which, &w[name], "QuizAttempt { questions { text @ } }"),
        ]
    });
    things.into_iter().flatten().collect()
}

fn forum(w: &World) -> Vec<Thing> {
    let community = &w["community"];
    vec![
        node("Community", "", community),
        within("CommunityText", "", community, "Community { text @ }"),
        within("Removal", "", community, "Community { removals { nodes @ } }"),
        node("Category", "of the community", &w["category"]),
        node("Category", "of the course", &w["course category"]),
        within("CategoryText", "", &w["category"], "Category { text @ }"),
        node("Topic", "of the community", &w["topic"]),
        node("Topic", "hidden", &w["hidden topic"]),
        node("Topic", "of the course", &w["course topic"]),
        node("Flag", "", &w["flag"]),
    ]
}

fn posts(w: &World) -> Vec<Thing> {
    vec![
        node("Post", "edited by the learner", &w["post of topic"]),
        within("PostRevision", "of the learner's post", &w["post of topic"], "Post { revisions @ }"),
        node("Post", "of the owner, flagged by the learner", &w["owner's post"]),
        node("Post", "hidden", &w["hidden post"]),
        node("Post", "deleted", &w["deleted post"]),
        node("Post", "redacted", &w["redacted post"]),
        node("Post", "of the removed", &w["removed's post"]),
        node("Post", "of a hidden topic", &w["post of hidden topic"]),
        node("Post", "of the course", &w["post of course topic"]),
    ]
}

fn webinars(w: &World) -> Vec<Thing> {
    let (series, webinar) = (&w["series"], &w["webinar"]);
    vec![
        node("WebinarSeries", "", series),
        within("WebinarSeriesText", "", series, "WebinarSeries { text @ }"),
        within("WebinarFunder", "", series, "WebinarSeries { funders @ }"),
        within("WebinarFunderText", "", series, "WebinarSeries { funders { text @ } }"),
        node("Webinar", "published", webinar),
        node("Webinar", "a draft", &w["draft webinar"]),
        node("Webinar", "held and counted", &w["counted webinar"]),
        within("WebinarCounts", "of the series", series, "WebinarSeries { counts @ }"),
        within("WebinarCounts", "of a webinar", &w["counted webinar"], "Webinar { counts @ }"),
        within("StageCounts", "", series, "WebinarSeries { counts { total @ } }"),
        within("CountBreakdown", "", series, "WebinarSeries { counts { breakdown(by: GENDER) @ } }"),
        within("CountCategory", "", series, "WebinarSeries { counts { breakdown(by: GENDER) { categories @ } } }"),
        within("CountsFile", "", series, "WebinarSeries { counts { file(format: CSV) @ } }"),
        within("WebinarText", "", webinar, "Webinar { text @ }"),
        within("WebinarSpeaker", "", webinar, "Webinar { speakers @ }"),
        within("WebinarSpeakerText", "", webinar, "Webinar { speakers { text @ } }"),
        within("WebinarQuestion", "", webinar, "Webinar { questions @ }"),
        within("WebinarQuestionText", "", webinar, "Webinar { questions { text @ } }"),
        node("Registration", "of the learner", &w["registration"]),
        within("RegistrationAnswer", "of the learner", &w["registration"], "Registration { answers @ }"),
        within("RegistrationPresence", "of the learner", &w["registration"], "Registration { presence @ }"),
        node("Attendance", "", &w["attendance"]),
        within("AttendanceLine", "", webinar, "Webinar { attendanceLines { nodes @ } }"),
        node("File", "of the webinar", &w["webinar document"]),
        within("WebinarTest", "before the webinar", webinar, "Webinar { preTest @ }"),
        node("Quiz", "a pre-test", &w["pre-test"]),
        node("Quiz", "the draft of a pre-test", &w["draft pre-test"]),
        node("QuizAttempt", "at a pre-test, handed in", &w["pre-test attempt"]),
        within("AttemptQuestion", "at a pre-test, handed in", &w["pre-test attempt"], "QuizAttempt { questions @ }"),
        within("QuestionText", "at a pre-test, handed in", &w["pre-test attempt"], "QuizAttempt { questions { text @ } }"),
    ]
}

fn inviting(w: &World) -> Vec<Thing> {
    let (webinar, invitation) = (&w["webinar"], &w["invitation"]);
    let list = format!("nomination(token: {:?})", w["nomination token"]);
    let preview = format!("invitationPreview(input: {{ webinarId: {webinar:?}, contactId: {:?} }}) @", w["contact"]);
    let balance = "Webinar { inviting { nomineeBalance ";
    vec![
        node("Contact", "", &w["contact"]),
        within("WebinarInviting", "", webinar, "Webinar { inviting @ }"),
        within("InvitationText", "", webinar, "Webinar { inviting { letterTexts @ } }"),
        root("InvitationPreview", &preview),
        node("Invitation", "", invitation),
        within("InvitationDelivery", "", invitation, "Invitation { deliveries @ }"),
        node("Nominee", "", &w["nominee"]),
        within("NomineeBalance", "", webinar, &format!("{balance} @ }} }}")),
        within("NomineeCounts", "", webinar, &format!("{balance} {{ all @ }} }} }}")),
        within("NomineeCount", "", webinar, &format!("{balance} {{ all {{ byGender @ }} }} }} }}")),
        root("Nomination", &format!("{list} @")),
        root("InvitedWebinar", &format!("{list} {{ webinar @ }}")),
        root("Place", &format!("place(token: {:?}) @", w["place token"])),
    ]
}
