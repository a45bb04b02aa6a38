//! Timing what is asked of the storage, once for all operations.

use std::time::Instant;

use aws_sdk_s3::config::interceptors::{BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_types::config_bag::{Storable, StoreReplace};

use crate::metrics::{Timings, Transfer};

/// Times the requests of a client.
#[derive(Debug)]
pub struct Timing(pub Timings<Transfer>);

/// When a request began.
#[derive(Debug)]
struct Begun(Instant);

impl Storable for Begun {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Timing {
    fn name(&self) -> &'static str {
        "Timing"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Begun(Instant::now()));
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let (Some(Begun(begun)), Some(request)) = (bag.load::<Begun>(), bag.load::<Metadata>()) {
            let outcome = if context.output_or_error().is_some_and(|outcome| outcome.is_ok()) { "ok" } else { "failed" };
            let labels = Transfer { operation: request.name().to_owned(), outcome };
            self.0.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
        }
        Ok(())
    }
}
