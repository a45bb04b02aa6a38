//! Texts of courses and modules in the API.

use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::{
    courses::{
        content::{Content, ModuleContent},
        course_text, module_text,
    },
    graphql::context::ContextExt,
    language::{
        Language, TextDirection,
        translated::{Mark, Translated, choose, mark},
    },
    markdown,
    scalars::{Html, Markdown},
};

/// The index of the text that the viewer gets.
pub fn chosen<T: Translated>(ctx: &Context<'_>, texts: &[T], asked: Option<&Language>, original: &Language) -> Option<usize> {
    let text = choose(texts, ctx.viewer().languages(asked), original)?;
    texts.iter().position(|other| other.language() == text.language())
}

/// Texts of a course in one language, chosen as a whole.
pub struct CourseText {
    content: Arc<Content>,
    index: usize,
    mark: Mark,
}

impl CourseText {
    /// One of the texts of a version.
    pub fn new(content: &Arc<Content>, index: usize, original: &Language) -> Self {
        let mark = mark(&content.texts[index], &content.texts, original);
        Self { content: content.clone(), index, mark }
    }

    fn row(&self) -> &course_text::Model {
        &self.content.texts[self.index]
    }
}

/// Texts of a course in one language, chosen as a whole.
#[Object]
impl CourseText {
    /// Title.
    async fn title(&self) -> &str {
        &self.row().title
    }
    /// One or two sentences, plain.
    async fn summary(&self) -> &str {
        &self.row().summary
    }
    /// What it is about, Markdown.
    async fn description(&self) -> Markdown {
        self.row().description.as_str().into()
    }
    /// The description, rendered.
    async fn description_html(&self) -> Html {
        markdown::to_html(&self.row().description).into()
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the text was written in this language first.
    async fn is_original(&self) -> bool {
        self.mark.is_original
    }
    /// True when the original changed after this translation was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made this translation and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}

/// Texts of a module in one language, chosen as a whole.
pub struct ModuleText {
    content: Arc<Content>,
    module: usize,
    index: usize,
    mark: Mark,
}

impl ModuleText {
    /// One of the texts of a module.
    pub fn new(content: &Arc<Content>, module: usize, index: usize, original: &Language) -> Self {
        let texts = &content.modules[module].texts;
        let mark = mark(&texts[index], texts, original);
        Self { content: content.clone(), module, index, mark }
    }

    fn row(&self) -> &module_text::Model {
        let ModuleContent { texts, .. } = &self.content.modules[self.module];
        &texts[self.index]
    }
}

/// Texts of a module in one language, chosen as a whole.
#[Object]
impl ModuleText {
    /// Title.
    async fn title(&self) -> &str {
        &self.row().title
    }
    /// One or two sentences, plain; may be empty.
    async fn summary(&self) -> &str {
        &self.row().summary
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the text was written in this language first.
    async fn is_original(&self) -> bool {
        self.mark.is_original
    }
    /// True when the original changed after this translation was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made this translation and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}
