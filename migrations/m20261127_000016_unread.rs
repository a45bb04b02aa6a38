//! What readers pass over in a topic: their own posts, and those that are not shown.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of one author, which the index that goes was for too; it tells alone what is counted.
        manager.create_index(index("post", &["author_id", "topic_id", "number", "state"])).await?;
        manager.drop_index(Index::drop().name("post_author_id_idx").table("post").to_owned()).await?;
        let gone = "CREATE INDEX post_topic_id_number_gone_idx ON post (topic_id, number, state) WHERE state <> 'shown'";
        manager.get_connection().execute_unprepared(gone).await?;
        Ok(())
    }
}
