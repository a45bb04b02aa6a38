//! From parameters to an operation that may be executed: parsed, within the limits, its variables there.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{
    Name, Request, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};
use moka::future::Cache;

use super::{
    answer::Refusal,
    limits::{self, Judged},
    parameters::Parameters,
    root,
};

/// Bytes of all documents that are remembered.
const REMEMBERED: u64 = 1 << 20;
/// Bytes of one document that is.
const LARGEST_REMEMBERED: usize = 16 << 10;

/// An operation that may be executed.
#[derive(Debug)]
pub struct Operation {
    /// For the engine.
    pub request: Request,
    /// What it does.
    pub kind: OperationType,
    /// Its name.
    pub name: Option<String>,
    /// The field at its root, if it is the only one.
    pub root: Option<Name>,
}

/// Parses documents, and remembers those that come again: parsing costs several times what a copy does.
#[derive(Clone, Debug)]
pub struct Documents(Cache<String, Arc<Parsed>>);

#[derive(Debug)]
struct Parsed {
    document: ExecutableDocument,
    /// How it was last found to be within the limits.
    judged: Mutex<Option<Judged>>,
}

impl Parsed {
    fn check(&self, variables: &Variables) -> Result<(), Refusal> {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if !judged.as_ref().is_some_and(|judged| judged.holds_for(variables)) {
            *judged = Some(limits::check_document(&self.document, variables)?);
        }
        Ok(())
    }
}

impl Default for Documents {
    fn default() -> Self {
        let weigh = |text: &String, _: &Arc<_>| u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(REMEMBERED).weigher(weigh).build())
    }
}

impl Documents {
    /// The operation that `parameters` ask for.
    pub async fn prepare(&self, parameters: Parameters) -> Result<Operation, Refusal> {
        let Parameters { query, operation_name, variables } = parameters;
        let parsed = self.parsed(&query).await?;
        let mut given = Variables::default();
        if let Value::Object(values) = variables {
            given.extend(values);
        }
        parsed.check(&given)?;
        let operation = selected(&parsed.document, operation_name.as_deref())?;
        check_variables(operation, &given)?;

        let (kind, root) = (operation.ty, root::only_field(&parsed.document, operation));
        let name = operation_name.clone().or_else(|| only_name(&parsed.document));
        let mut request = Request::new(query).variables(given);
        request.operation_name = operation_name;
        request.set_parsed_query(parsed.document.clone());
        Ok(Operation { request, kind, name, root })
    }

    async fn parsed(&self, text: &str) -> Result<Arc<Parsed>, Refusal> {
        if let Some(parsed) = self.0.get(text).await {
            return Ok(parsed);
        }
        limits::check_text(text)?;
        let document = parse_query(text).map_err(|err| {
            let at = err.positions().next();
            Refusal { at, ..Refusal::new("GRAPHQL_PARSE_FAILED", err.to_string()) }
        })?;
        let parsed = Arc::new(Parsed { document, judged: Mutex::default() });
        if text.len() <= LARGEST_REMEMBERED {
            self.0.insert(text.to_owned(), parsed.clone()).await;
        }
        Ok(parsed)
    }
}

/// The operation to execute (specification, "`GetOperation`").
fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refusal> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => operations.values().next().filter(|_| operations.len() == 1),
    };
    found
        .map(|operation| &operation.node)
        .ok_or_else(|| Refusal::new("OPERATION_RESOLUTION_FAILURE", "Name one of the document's operations in operationName."))
}

fn only_name(document: &ExecutableDocument) -> Option<String> {
    document.operations.iter().next().and_then(|(name, _)| name).map(ToString::to_string)
}

/// The engine would find out about a missing variable only while executing, when other fields have run already.
fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        let is_missing = match variables.get(name) {
            None => definition.node.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        if is_missing && !kind.nullable {
            let message = format!("Variable \"${name}\" of type \"{kind}\" must be given.");
            return Err(Refusal { at: Some(definition.pos), ..Refusal::new("BAD_USER_INPUT", message) });
        }
    }
    Ok(())
}
