//! Rows by key: selecting those of many keys with one statement, giving each key its own, and putting rows in the order of
//! their keys.

use std::{collections::HashMap, hash::Hash};

use sea_orm::{
    ColumnTrait, DbBackend, Value,
    sea_query::{BinOper, Expr, ExprTrait as _, SimpleExpr},
};

use crate::{
    error::{Problem, Problems, Result, UserErrorCode},
    ids::Id,
};

/// `column` is one of `ids`: one statement text whatever their number, so that it is prepared once.
pub fn among<I: Id>(backend: DbBackend, column: impl ColumnTrait, ids: &[I]) -> SimpleExpr {
    let (entity, name) = column.as_column_ref();
    let column = Expr::col((entity, name));
    if backend == DbBackend::Postgres {
        let list = Value::from(ids.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        return column.binary(BinOper::Custom("= ANY"), Expr::cust_with_values("($1)", [list]));
    }
    let list = ids.iter().map(|id| format!("\"{}\"", id.uuid().simple())).collect::<Vec<_>>().join(",");
    let values = Expr::cust_with_values("(SELECT unhex(value) FROM json_each(?))", [Value::from(format!("[{list}]"))]);
    column.binary(BinOper::In, values)
}

/// `rows` in the order of `ids`, which are to name each of them once; where they do not is said under `path`.
pub fn reordered<K: Copy + Eq + Hash, T>(rows: Vec<T>, key: impl Fn(&T) -> K, ids: &[K], path: &str) -> Result<Vec<T>> {
    let (mut left, mut problems, mut ordered) = (keyed(rows, key), Problems::new(), Vec::new());
    for (index, id) in ids.iter().enumerate() {
        match left.remove(id) {
            Some(row) => ordered.push(row),
            None => problems.add(Problem::at(UserErrorCode::NotFound, &format!("{path}.{index}"))),
        }
    }
    problems.check(left.is_empty(), || Problem::at(UserErrorCode::Incomplete, path));
    problems.done()?;
    Ok(ordered)
}

/// Rows by a key of theirs.
pub fn keyed<K: Eq + Hash, T>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> HashMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

/// Rows grouped by a key of theirs, in their order.
pub fn grouped<K: Eq + Hash, T>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
