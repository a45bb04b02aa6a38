//! Rows by key: selecting those of many keys with one statement, giving each key its own, and putting rows in the order of
//! their keys.

use std::{collections::HashMap, hash::Hash};

use sea_orm::{
    ColumnTrait, DbBackend, Value,
    sea_query::{BinOper, Expr, ExprTrait as _, Func, IntoIden as _, Query, SelectStatement, SimpleExpr, TableRef, ValueTuple},
};
use uuid::Uuid;

use crate::{
    error::{Problem, Problems, Result, UserErrorCode},
    ids::Id,
};

/// `column` is one of `ids`: one statement text whatever their number, so that it is prepared once.
pub fn among<I: Id>(backend: DbBackend, column: impl ColumnTrait, ids: &[I]) -> SimpleExpr {
    let (entity, name) = column.as_column_ref();
    let (column, ids) = (Expr::col((entity, name)), list(backend, ids));
    if backend == DbBackend::Postgres {
        column.binary(BinOper::Custom("= ANY"), Expr::cust_with_values("($1)", [ids]))
    } else {
        column.binary(BinOper::In, Expr::cust_with_values("(SELECT unhex(value) FROM json_each(?))", [ids]))
    }
}

/// `column` is one of `texts`, likewise.
pub fn among_texts(backend: DbBackend, column: impl ColumnTrait, texts: &[String]) -> SimpleExpr {
    let column = Expr::col(column.as_column_ref());
    if backend == DbBackend::Postgres {
        return column.binary(BinOper::Custom("= ANY"), Expr::cust_with_values("($1)", [Value::from(texts.to_vec())]));
    }
    let list = Value::from(serde_json::Value::from(texts).to_string());
    column.binary(BinOper::In, Expr::cust_with_values("(SELECT value FROM json_each(?))", [list]))
}

/// A query for `ids`, as a column `id`, likewise.
pub fn listed<I: Id>(backend: DbBackend, ids: &[I]) -> SelectStatement {
    let (mut query, ids) = (Query::select(), list(backend, ids));
    if backend == DbBackend::Postgres {
        query.expr_as(Func::cust("unnest").arg(Expr::val(ids)), "id");
    } else {
        query.expr_as(Expr::cust("unhex(value)"), "id").from_function(Func::cust("json_each").arg(Expr::val(ids)), "list");
    }
    query
}

/// Ids as one value: an array, or JSON where there are none.
fn list<I: Id>(backend: DbBackend, ids: &[I]) -> Value {
    let ids = ids.iter().map(|id| id.uuid());
    if backend == DbBackend::Postgres {
        return ids.collect::<Vec<_>>().into();
    }
    let ids = ids.map(|id| format!("\"{}\"", id.simple())).collect::<Vec<_>>().join(",");
    format!("[{ids}]").into()
}

/// A table `given` of these rows, which all begin with an id; its columns are `column1`, `column2` and so on.
///
/// It is as long as a power of two, so that few texts of a statement have to be prepared: the last row is repeated with an id
/// that nothing has.
pub fn given(mut rows: Vec<Vec<Value>>) -> TableRef {
    if let Some(mut last) = rows.last().cloned() {
        last[0] = Uuid::nil().into();
        rows.resize(rows.len().next_power_of_two(), last);
    }
    TableRef::ValuesList(rows.into_iter().map(ValueTuple::Many).collect(), "given".into_iden())
}

/// A column of [`given`], counted from 1.
pub fn given_column(number: usize) -> SimpleExpr {
    Expr::col(("given", format!("column{number}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_rows_are_as_many_as_a_power_of_two_and_those_added_have_no_id() {
        let (id, nil) = (Value::from(Uuid::max()), Value::from(Uuid::nil()));
        for (count, length) in [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8)] {
            let TableRef::ValuesList(rows, _) = given(vec![vec![id.clone(), 7.into()]; count]) else { panic!("no rows") };
            let ids: Vec<_> = rows.into_iter().map(|row| row.into_iter().next()).collect();
            let expected = (0..length).map(|at| Some(if at < count { id.clone() } else { nil.clone() }));
            assert_eq!(ids, expected.collect::<Vec<_>>());
        }
    }
}
