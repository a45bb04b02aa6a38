//! Counting and tracing operations, by the field at their root.

use std::time::Instant;

use async_graphql::{Name, parser::types::OperationType};
use tracing::Span;

use crate::{
    graphql::{answer::Answer, document::Operation},
    metrics::Metrics,
    traces,
};

/// A query or mutation that begins.
pub struct Counting {
    kind: &'static str,
    field: Option<Name>,
    begun: Instant,
    /// Its trace.
    pub span: Span,
}

impl Counting {
    /// Begins now.
    pub fn begin(operation: &Operation) -> Self {
        let kind = if operation.kind == OperationType::Mutation { "mutation" } else { "query" };
        Self { kind, field: operation.root.clone(), begun: Instant::now(), span: traces::operation(kind) }
    }

    /// It was answered so. What was not executed may name any field.
    pub fn end(self, metrics: &Metrics, answer: &Answer) {
        let field = if answer.is_refusal() { "refused" } else { self.field.as_deref().unwrap_or("several") };
        metrics.operation(self.kind, field, self.begun.elapsed());
        self.span.record("field", field);
        if let Some(code) = answer.codes().next() {
            self.span.record("error.type", code);
        }
    }
}

/// Counts the errors of an answer that goes out.
pub fn errors(metrics: &Metrics, answer: &Answer) {
    for code in answer.codes() {
        metrics.error(code);
    }
}
