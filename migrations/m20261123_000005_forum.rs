//! Communities, categories, topics, posts, and what moderators work with.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        communities(manager).await?;
        categories(manager).await?;
        topics(manager).await?;
        posts(manager).await?;
        moderation(manager).await
    }
}

/// A foreign key to a person, which what they leave behind outlives.
fn by(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    reference(table, column, "user").on_delete(ForeignKeyAction::SetNull).to_owned()
}

async fn communities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("community")
                .col(id())
                .col(string("slug"))
                .col(uuid("owner_id"))
                .col(string("visibility"))
                .col(string("original_language"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("community", &["slug"])).await?;
    manager.create_index(index("community", &["owner_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("community_text")
                .col(uuid("community_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("description"))
                .col(text("description_html"))
                .primary_key(Index::create().col("community_id").col("language"))
                .foreign_key(&mut reference("community_text", "community_id", "community"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("removal")
                .col(id())
                .col(uuid("community_id"))
                .col(uuid("user_id"))
                .col(text("reason"))
                .col(uuid_null("removed_by"))
                .col(timestamp_with_time_zone("removed_at"))
                .foreign_key(&mut reference("removal", "community_id", "community"))
                .foreign_key(&mut reference("removal", "user_id", "user"))
                .foreign_key(&mut by("removal", "removed_by"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("removal", &["user_id", "community_id"])).await?;
    manager.create_index(index("removal", &["community_id", "id"])).await
}

async fn categories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("category")
                .col(id())
                .col(string("parent_kind"))
                .col(uuid("parent_id"))
                .col(integer("position"))
                .col(string("original_language"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("category", &["parent_id", "position"])).await?;
    manager
        .create_table(
            Table::create()
                .table("category_text")
                .col(uuid("category_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("description"))
                .primary_key(Index::create().col("category_id").col("language"))
                .foreign_key(&mut reference("category_text", "category_id", "category"))
                .to_owned(),
        )
        .await
}

async fn topics(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("topic")
                .col(id())
                .col(uuid("category_id"))
                .col(uuid("parent_id"))
                .col(uuid_null("author_id"))
                .col(text("title"))
                .col(string("language"))
                .col(boolean("is_pinned"))
                .col(boolean("is_locked"))
                .col(timestamp_with_time_zone_null("hidden_at"))
                .col(integer("post_count"))
                .col(timestamp_with_time_zone("last_post_at"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut reference("topic", "category_id", "category"))
                .foreign_key(&mut by("topic", "author_id"))
                .to_owned(),
        )
        .await?;
    // The order of the lists: pinned first, then the most recently posted in.
    manager.create_index(index("topic", &["category_id", "is_pinned", "last_post_at", "id"])).await?;
    manager.create_index(index("topic", &["parent_id", "is_pinned", "last_post_at", "id"])).await?;
    manager.create_index(index("topic", &["author_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("read_position")
                .col(uuid("user_id"))
                .col(uuid("topic_id"))
                .col(integer("number"))
                .primary_key(Index::create().col("user_id").col("topic_id"))
                .foreign_key(&mut reference("read_position", "user_id", "user"))
                .foreign_key(&mut reference("read_position", "topic_id", "topic"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("read_position", &["topic_id"])).await
}

async fn posts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("post")
                .col(id())
                .col(uuid("topic_id"))
                .col(uuid("parent_id"))
                .col(integer("number"))
                .col(uuid_null("author_id"))
                .col(string("state"))
                .col(string("language"))
                .col(text_null("body"))
                .col(text_null("body_html"))
                .col(uuid_null("in_reply_to_id"))
                .col(integer("revision_count"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("edited_at"))
                .foreign_key(&mut reference("post", "topic_id", "topic"))
                .foreign_key(&mut by("post", "author_id"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("post", &["topic_id", "number"])).await?;
    manager.create_index(index("post", &["author_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("post_revision")
                .col(uuid("post_id"))
                .col(integer("number"))
                .col(text("body"))
                .col(text("body_html"))
                .col(timestamp_with_time_zone("written_at"))
                .primary_key(Index::create().col("post_id").col("number"))
                .foreign_key(&mut reference("post_revision", "post_id", "post"))
                .to_owned(),
        )
        .await
}

async fn moderation(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("flag")
                .col(id())
                .col(uuid("post_id"))
                .col(uuid("parent_id"))
                .col(string("reason"))
                .col(text("comment"))
                .col(string("state"))
                .col(uuid_null("reported_by"))
                .col(timestamp_with_time_zone("reported_at"))
                .col(uuid_null("resolved_by"))
                .col(timestamp_with_time_zone_null("resolved_at"))
                .foreign_key(&mut reference("flag", "post_id", "post"))
                .foreign_key(&mut by("flag", "reported_by"))
                .foreign_key(&mut by("flag", "resolved_by"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("flag", &["post_id", "reported_by"])).await?;
    manager.create_index(index("flag", &["reported_by"])).await?;
    manager.create_index(index("flag", &["parent_id", "state", "id"])).await
}
