//! Migrations, in order. One file for each change, never edited once released. They expand before they contract, so that
//! the server of the release before runs on the schema of this one.

use sea_orm_migration::{MigrationTrait, MigratorTrait, sea_orm::DeriveMigrationName};

mod m20261123_000001_foundation;
mod m20261123_000002_accounts;
mod m20261123_000003_courses;
mod m20261123_000004_quizzes;
mod m20261123_000005_forum;
mod m20261123_000006_recordings;
mod m20261123_000007_files;
mod m20261123_000008_account_safety;
mod m20261126_000009_certificates;
mod m20261126_000010_webinars;
mod m20261126_000011_invitations;
mod m20261126_000012_webinar_tests;
mod m20261126_000013_attendance;
mod m20261126_000014_counts;
mod m20261127_000015_urgency;
mod m20261127_000016_unread;
mod m20261127_000017_names;

/// All migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_foundation::Migration),
            Box::new(m20261123_000002_accounts::Migration),
            Box::new(m20261123_000003_courses::Migration),
            Box::new(m20261123_000004_quizzes::Migration),
            Box::new(m20261123_000005_forum::Migration),
            Box::new(m20261123_000006_recordings::Migration),
            Box::new(m20261123_000007_files::Migration),
            Box::new(m20261123_000008_account_safety::Migration),
            Box::new(m20261126_000009_certificates::Migration),
            Box::new(m20261126_000010_webinars::Migration),
            Box::new(m20261126_000011_invitations::Migration),
            Box::new(m20261126_000012_webinar_tests::Migration),
            Box::new(m20261126_000013_attendance::Migration),
            Box::new(m20261126_000014_counts::Migration),
            Box::new(m20261127_000015_urgency::Migration),
            Box::new(m20261127_000016_unread::Migration),
            Box::new(m20261127_000017_names::Migration),
        ]
    }
}

/// What every migration needs.
mod prelude {
    pub use sea_orm_migration::{
        MigrationTrait, SchemaManager,
        prelude::*,
        schema::{
            boolean, integer, integer_null, string, string_null, text, text_null, timestamp_with_time_zone,
            timestamp_with_time_zone_null, uuid, uuid_null,
        },
    };

    /// The primary key column `id`.
    pub fn id() -> ColumnDef {
        uuid("id").primary_key().to_owned()
    }

    /// An index on columns of a table, named `<table>_<columns>_idx`.
    pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.name(format!("{table}_{}_idx", columns.join("_"))).table(table);
        for column in columns {
            index.col(*column);
        }
        index.clone()
    }

    /// A unique index on columns of a table, named `<table>_<columns>_key`.
    pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = index(table, columns);
        index.name(format!("{table}_{}_key", columns.join("_"))).unique();
        index
    }

    /// A foreign key that the parent's deletion cascades over.
    pub fn reference(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
        ForeignKey::create()
            .name(format!("{table}_{column}_fkey"))
            .from(table, column)
            .to(parent, "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    }
}
