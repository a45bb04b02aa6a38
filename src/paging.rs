//! Keyset pages: the one way in which lists that can grow are read. A page costs the same wherever in the list it stands,
//! because rows are found by comparing row values with the cursor's, `(a, b) < (x, y)`, along an index.
//!
//! A cursor holds the sort keys of a row and nothing else, so rights are judged anew on each page.

use std::{future::Future, ops::RangeInclusive};

use async_graphql::SimpleObject;
use chrono::{DateTime, Datelike as _};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, ModelTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    Value,
    sea_query::{ColumnType, Expr, ExprTrait as _, SimpleExpr},
};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Years that either database compares.
const YEARS: RangeInclusive<i32> = 1..=9999;
const DEFAULT: i32 = 20;
const MOST: i32 = 100;

/// Where a page stands.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Cursor of the last edge; null when the page is empty.
    pub end_cursor: Option<String>,
    /// True when more follow; with `last`, when `before` was given.
    pub has_next_page: bool,
    /// True when more stand before it; with `first`, when `after` was given.
    pub has_previous_page: bool,
    /// Cursor of the first edge; null when the page is empty.
    pub start_cursor: Option<String>,
}

/// What page is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    limit: u64,
    backwards: bool,
    cursor: Option<String>,
}

/// The order of a list. All its sort keys go the same way, and the last is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A page of rows with their cursors.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// Rows in the order of the list.
    pub rows: Vec<(String, T)>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether more stand before.
    pub has_previous: bool,
}

impl Page {
    /// Reads the four arguments of a connection.
    pub fn parse(first: Option<i32>, after: Option<String>, last: Option<i32>, before: Option<String>) -> Result<Self> {
        let refuse = |message: &str| Err(Error::BadInput(message.into()));
        if first.is_some() && last.is_some() || after.is_some() && before.is_some() {
            return refuse("Give `first` with `after`, or `last` with `before`.");
        }
        let backwards = last.is_some() || before.is_some();
        if backwards && (first.is_some() || after.is_some()) {
            return refuse("Give `first` with `after`, or `last` with `before`.");
        }
        let limit = first.or(last).unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            return refuse("`first` and `last` must be from 1 to 100.");
        }
        let cursor = after.or(before);
        if cursor.as_deref().is_some_and(|cursor| decode(cursor).is_none()) {
            return refuse("The cursor is not one of ours.");
        }
        Ok(Self { limit: limit.unsigned_abs().into(), backwards, cursor })
    }

    /// The first `limit` rows.
    #[must_use]
    pub fn first(limit: u64) -> Self {
        Self { limit, backwards: false, cursor: None }
    }

    /// The next `limit` rows after the one that has these sort keys.
    pub fn after(keys: impl IntoIterator<Item = Value>, limit: u64) -> Self {
        Self { limit, backwards: false, cursor: Some(encode(keys.into_iter())) }
    }

    /// Cuts rows that were read for this page, one more than its limit, into a slice.
    fn slice<T>(&self, mut rows: Vec<(String, T)>) -> Slice<T> {
        let more = rows.len() as u64 > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        if self.backwards {
            rows.reverse();
            return Slice { rows, has_next: self.cursor.is_some(), has_previous: more };
        }
        Slice { rows, has_next: more, has_previous: self.cursor.is_some() }
    }
}

/// Reading a page of a selection.
pub trait Paged<E: EntityTrait> {
    /// The rows of `page`, in the order of `keys`, which all go the same way.
    fn page<C: ConnectionTrait>(
        self,
        db: &C,
        page: &Page,
        keys: &[(E::Column, Direction)],
    ) -> impl Future<Output = Result<Slice<E::Model>>> + Send;

    /// Likewise with what the selection has besides the columns of its table; `row` is what of it those are.
    fn page_of<T: FromQueryResult + Send + Sync, C: ConnectionTrait>(
        self,
        db: &C,
        page: &Page,
        keys: &[(E::Column, Direction)],
        row: fn(&T) -> &E::Model,
    ) -> impl Future<Output = Result<Slice<T>>> + Send;
}

impl<E> Paged<E> for Select<E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + FromQueryResult + Send + Sync,
{
    async fn page<C: ConnectionTrait>(self, db: &C, page: &Page, keys: &[(E::Column, Direction)]) -> Result<Slice<E::Model>> {
        self.page_of(db, page, keys, |row| row).await
    }

    async fn page_of<T: FromQueryResult + Send + Sync, C: ConnectionTrait>(
        self,
        db: &C,
        page: &Page,
        keys: &[(E::Column, Direction)],
        row: fn(&T) -> &E::Model,
    ) -> Result<Slice<T>> {
        let ascending = keys.first().is_none_or(|(_, direction)| *direction == Direction::Ascending) != page.backwards;
        let mut select = self;
        if let Some(cursor) = &page.cursor {
            let values = decode(cursor).unwrap_or_default();
            let fit = |(value, (column, _)): (&Value, &(E::Column, Direction))| fits(value, column.def().get_column_type());
            if values.len() != keys.len() || !values.iter().zip(keys).all(fit) {
                return Err(Error::BadInput("The cursor is of another list.".into()));
            }
            let columns: Vec<SimpleExpr> = keys.iter().map(|(column, _)| Expr::col(column.as_column_ref())).collect();
            let values: Vec<SimpleExpr> = values.into_iter().map(Expr::value).collect();
            let (row, cursor) = (Expr::tuple(columns), Expr::tuple(values));
            select = select.filter(if ascending { row.gt(cursor) } else { row.lt(cursor) });
        }
        for (column, _) in keys {
            select = select.order_by(*column, if ascending { Order::Asc } else { Order::Desc });
        }
        // Boxed, for all the fields that give a page; see `graphql::Schema`.
        let rows = Box::pin(select.limit(page.limit + 1).into_model::<T>().all(db)).await?;
        let cursor = |found: &T| encode(keys.iter().map(|(column, _)| row(found).get(*column)));
        let rows = rows.into_iter().map(|found| (cursor(&found), found)).collect();
        Ok(page.slice(rows))
    }
}

impl<T> Slice<T> {
    /// What `pageInfo` says.
    #[must_use]
    pub fn info(&self) -> PageInfo {
        PageInfo {
            start_cursor: self.rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.rows.last().map(|(cursor, _)| cursor.clone()),
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
        }
    }

    /// The same page of what `wrap` makes of the rows, if it makes something of each.
    pub fn try_map<U>(self, wrap: impl Fn(T) -> Result<U>) -> Result<Slice<U>> {
        let rows = self.rows.into_iter().map(|(cursor, row)| Ok((cursor, wrap(row)?))).collect::<Result<_>>()?;
        Ok(Slice { rows, has_next: self.has_next, has_previous: self.has_previous })
    }

    /// The same page of what `wrap` makes of the rows, which stay.
    pub fn map_ref<U>(&self, wrap: impl Fn(&T) -> U) -> Slice<U> {
        let rows = self.rows.iter().map(|(cursor, row)| (cursor.clone(), wrap(row))).collect();
        Slice { rows, has_next: self.has_next, has_previous: self.has_previous }
    }

    /// The same page of what `wrap` makes of the rows.
    pub fn map<U>(self, wrap: impl Fn(T) -> U) -> Slice<U> {
        let rows = self.rows.into_iter().map(|(cursor, row)| (cursor, wrap(row))).collect();
        Slice { rows, has_next: self.has_next, has_previous: self.has_previous }
    }
}

/// Whether a value of a cursor can be compared with a column: PostgreSQL fails to compare others.
fn fits(value: &Value, column: &ColumnType) -> bool {
    match value {
        Value::Uuid(_) => matches!(column, ColumnType::Uuid),
        Value::ChronoDateTimeUtc(_) => matches!(column, ColumnType::TimestampWithTimeZone),
        Value::Int(_) => matches!(column, ColumnType::Integer),
        Value::BigInt(_) => matches!(column, ColumnType::BigInteger),
        Value::Bool(_) => matches!(column, ColumnType::Boolean),
        Value::String(_) => matches!(column, ColumnType::String(_) | ColumnType::Text),
        _ => false,
    }
}

/// Writes sort keys: a letter for the type and the value, one a line.
fn encode(values: impl Iterator<Item = Value>) -> String {
    let parts: Vec<_> = values
        .map(|value| match value {
            Value::Uuid(Some(uuid)) => format!("u{}", uuid.simple()),
            Value::ChronoDateTimeUtc(Some(time)) => format!("t{}", time.timestamp_micros()),
            Value::Int(Some(number)) => format!("i{number}"),
            Value::BigInt(Some(number)) => format!("l{number}"),
            Value::Bool(Some(flag)) => format!("b{}", u8::from(flag)),
            Value::String(Some(text)) => format!("s{text}"),
            other => unreachable!("{other:?} is no sort key"),
        })
        .collect();
    BASE64URL_NOPAD.encode(parts.join("\n").as_bytes())
}

fn decode(cursor: &str) -> Option<Vec<Value>> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().filter(|bytes| bytes.len() <= 1000)?;
    let text = String::from_utf8(bytes).ok()?;
    text.split('\n')
        .map(|part| {
            let kind = part.chars().next()?;
            let value = &part[kind.len_utf8()..];
            Some(match kind {
                'u' => Uuid::try_parse(value).ok()?.into(),
                't' => DateTime::from_timestamp_micros(value.parse().ok()?).filter(|time| YEARS.contains(&time.year()))?.into(),
                'i' => value.parse::<i32>().ok()?.into(),
                'l' => value.parse::<i64>().ok()?.into(),
                'b' => (value == "1").into(),
                's' if !value.contains('\0') => value.to_owned().into(),
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_are_read_back(id: u128, micros in 0_i64..4_102_444_800_000_000, number: i32, flag: bool) {
            let values: Vec<Value> = vec![
                Uuid::from_u128(id).into(),
                DateTime::from_timestamp_micros(micros).expect("in range").into(),
                number.into(),
                flag.into(),
            ];
            prop_assert_eq!(decode(&encode(values.clone().into_iter())), Some(values));
        }

        #[test]
        fn any_text_as_a_cursor_is_refused_or_read_without_panic(text in "\\PC{0,60}") {
            let _ = decode(&text);
        }
    }

    #[test]
    fn pages_out_of_range_or_both_ways_are_refused() {
        assert!(Page::parse(Some(0), None, None, None).is_err());
        assert!(Page::parse(Some(101), None, None, None).is_err());
        assert!(Page::parse(Some(1), None, Some(1), None).is_err());
        assert!(Page::parse(Some(1), None, None, Some("x".into())).is_err());
        assert!(Page::parse(None, Some("*".into()), None, None).is_err());
        assert!(Page::parse(None, None, None, None).is_ok());
    }
}
