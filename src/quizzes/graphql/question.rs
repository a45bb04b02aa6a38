//! Questions as staff write them, and their texts.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject, dataloader::Loader};
use sea_orm::QueryFilter;

use crate::{
    error::{Error, Result},
    graphql::{at_hand::AtHand, batch::Batch, context::ContextExt},
    ids::{ChoiceId, QuestionId, QuizId},
    language::{
        Language, TextDirection,
        translated::{self, Mark},
    },
    markdown,
    quizzes::{
        drafting::{self, Draft},
        paper::{Answer, Asked},
        policy,
        question::{self, QuestionKind},
    },
    rows::among,
    scalars::{Html, Markdown},
};

impl Loader<QuestionId> for Batch {
    type Value = Question;
    type Error = Error;

    async fn load(&self, ids: &[QuestionId]) -> Result<HashMap<QuestionId, Question>> {
        let db = self.app.db.read();
        let questions =
            policy::questions(&self.viewer).filter(among(self.app.db.backend(), question::Column::Id, ids)).all(db).await?;
        let drafts = drafting::whole(db, questions).await?;
        let quizzes: Vec<QuizId> = drafts.iter().map(|draft| draft.quiz_id).collect();
        let languages = policy::original_languages(db, &quizzes).await?;
        let wrap = |draft: Draft| {
            let original_language = languages.get(&draft.quiz_id).cloned().unwrap_or_default();
            (draft.asked.id, Question { draft, original_language })
        };
        Ok(drafts.into_iter().map(wrap).collect())
    }
}

/// A choice in one language.
#[derive(SimpleObject)]
pub struct ChoiceText {
    /// Of the choice, the same in all languages.
    id: ChoiceId,
    /// What it says.
    text: String,
}

/// A question in one language, chosen as a whole.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct QuestionText {
    /// What is asked.
    prompt: Markdown,
    /// In the order to show.
    choices: Vec<AtHand<ChoiceText>>,
    /// Why the answer is right; null until feedback is due.
    explanation: Option<Markdown>,
    /// Language of this text.
    language: Language,
    /// Writing direction of that language.
    direction: TextDirection,
    /// True when the text was written in this language first.
    is_original: bool,
    /// True when the original changed after this translation was made.
    is_outdated: bool,
    /// True when a machine made this translation and nobody has confirmed it.
    is_machine: bool,
}

#[async_graphql::ComplexObject]
impl QuestionText {
    /// The prompt, rendered.
    async fn prompt_html(&self) -> Html {
        markdown::to_html(&self.prompt.0).into()
    }
    /// The explanation, rendered; null until feedback is due.
    async fn explanation_html(&self) -> Option<Html> {
        Some(markdown::to_html(&self.explanation.as_ref()?.0).into())
    }
}

impl QuestionText {
    /// The wording at `place`, its choices in `order`, and the explanation where the answer may be shown.
    fn new(asked: &Asked, place: usize, order: &[usize], answer: Option<&Answer>, original: &Language) -> Self {
        let wording = &asked.wordings[place];
        let Mark { language, direction, is_original, is_outdated, is_machine } =
            translated::mark(wording, &asked.wordings, original);
        let choice = |&place: &usize| AtHand(ChoiceText { id: asked.choices[place], text: wording.choices[place].clone() });
        Self {
            prompt: wording.prompt.as_str().into(),
            choices: order.iter().map(choice).collect(),
            explanation: answer.map(|answer| answer.explanations[place].as_str().into()),
            language,
            direction,
            is_original,
            is_outdated,
            is_machine,
        }
    }

    /// The wording for a viewer who asks for `language`.
    pub(super) fn chosen(
        ctx: &Context<'_>,
        (asked, order, answer): (&Asked, &[usize], Option<&Answer>),
        original: &Language,
        language: Option<&Language>,
    ) -> Result<Self> {
        let chosen = translated::choose(&asked.wordings, ctx.viewer().languages(language), original);
        let chosen = chosen.ok_or_else(|| Error::internal(anyhow::anyhow!("{} has no text", asked.id)))?;
        let place = asked.wordings.iter().position(|wording| wording.language == chosen.language).unwrap_or_default();
        Ok(Self::new(asked, place, order, answer, original))
    }
}

/// A question as staff see it; each change makes a new version.
#[derive(Clone)]
pub struct Question {
    /// The question of the draft.
    pub draft: Draft,
    /// Language that its quiz is written in first.
    pub original_language: Language,
}

impl Question {
    /// The question that an operation changed.
    pub(super) async fn changed(ctx: &Context<'_>, id: Result<QuestionId>) -> Result<Self> {
        ctx.load(id?).await?.ok_or(Error::NotFound("question"))
    }

    fn order(&self) -> Vec<usize> {
        (0..self.draft.asked.choices.len()).collect()
    }
}

/// A question as staff see it; each change makes a new version.
#[Object]
impl Question {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> QuestionId {
        self.draft.asked.id
    }
    /// 1, 2, 3 …
    async fn version(&self) -> i32 {
        self.draft.number
    }
    /// How it is answered.
    async fn kind(&self) -> QuestionKind {
        self.draft.asked.kind
    }
    /// 1, 2, 3 …
    async fn position(&self) -> i32 {
        self.draft.position
    }
    /// What a right answer gives, 1 to 100.
    async fn points(&self) -> i32 {
        self.draft.asked.points
    }
    /// In one language, explanation included.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<QuestionText> {
        let shown = (&self.draft.asked, &self.order()[..], Some(&self.draft.answer));
        QuestionText::chosen(ctx, shown, &self.original_language, language.as_ref())
    }
    /// All its texts.
    async fn translations(&self) -> Vec<QuestionText> {
        let Draft { asked, answer, .. } = &self.draft;
        let order = self.order();
        let places = 0..asked.wordings.len();
        places.map(|place| QuestionText::new(asked, place, &order, Some(answer), &self.original_language)).collect()
    }
    /// The right choices.
    async fn correct_choice_ids(&self) -> Vec<ChoiceId> {
        let Draft { asked, answer, .. } = &self.draft;
        asked.choices.iter().copied().filter(|choice| answer.correct.contains(choice)).collect()
    }
}
