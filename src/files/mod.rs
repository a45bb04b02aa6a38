//! Bytes in object storage and the rows that stand for them; and small files (captions, documents), which clients send
//! straight to storage and the server checks before use.

pub mod comparing;
pub mod file;
pub mod graphql;
pub mod object;
pub mod policy;
pub mod storing;
pub mod sweeping;
pub mod uploading;
