//! The `upload` table: files on their way into object storage, in parts.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{ObjectId, RecordingId, UploadId},
};

/// Bytes in each part but the last: the least that S3 takes, since a part that a weak link loses is sent again.
pub const PART_BYTES: i64 = 5 << 20;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// Parts may come.
    #[sea_orm(string_value = "open")]
    Open,
    /// Its parts are one object.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// Thrown away.
    #[sea_orm(string_value = "aborted")]
    Aborted,
}

/// A file on its way.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UploadId,
    /// For which recording.
    pub recording_id: RecordingId,
    /// What it becomes.
    pub object_id: ObjectId,
    /// Where it stands.
    pub state: State,
    /// What storage calls it; begun when the first address is asked for.
    pub storage_upload_id: Option<String>,
    /// Name as the uploader gave it.
    pub file_name: String,
    /// Size as announced.
    pub size: i64,
    /// When it began.
    pub created_at: Instant,
    /// When it is thrown away if left alone.
    pub expires_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Number of parts.
    #[must_use]
    pub fn part_count(&self) -> i32 {
        i32::try_from((self.size + PART_BYTES - 1) / PART_BYTES).unwrap_or(i32::MAX)
    }

    /// Bytes of the part `number`, from 1.
    #[must_use]
    pub fn size_of_part(&self, number: i32) -> i64 {
        (self.size - i64::from(number - 1) * PART_BYTES).clamp(0, PART_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_make_up_the_file(size in 1..(40 * PART_BYTES)) {
            let upload = Model {
                id: UploadId::new(),
                recording_id: RecordingId::new(),
                object_id: ObjectId::new(),
                state: State::Open,
                storage_upload_id: None,
                file_name: String::new(),
                size,
                created_at: Instant::UNIX_EPOCH,
                expires_at: Instant::UNIX_EPOCH,
            };
            let sizes: Vec<_> = (1..=upload.part_count()).map(|number| upload.size_of_part(number)).collect();
            prop_assert_eq!(sizes.iter().sum::<i64>(), size);
            prop_assert!(sizes.iter().all(|part| *part > 0));
            prop_assert!(sizes[..sizes.len() - 1].iter().all(|part| *part == PART_BYTES));
        }
    }
}
