//! Renewing the names on certificates. A record keeps the names that its holder went by when it was made, whatever becomes of
//! their profile: else one record would certify anybody. Administrators renew them for those whose name was misspelt or has
//! changed.

use async_graphql::InputObject;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    accounts::{policy, user},
    app::App,
    audit::{self, Action},
    courses::completion,
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::UserId,
    jobs,
    mail::{Letter, Link},
    role::SiteRole,
    text, transact_once,
    viewer::Viewer,
    webinars::attendance,
};

/// Whose certificates are to bear other names.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CertificateNamesRenewInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The person.
    pub user_id: UserId,
    /// Full name that the administrator saw in the profile. WRONG_STATE where it is another by now.
    pub full_name: String,
    /// The name in Latin letters that they saw there, likewise; null where there was none.
    pub latin_name: Option<String>,
    /// Why, 1 to 500 characters; kept in the audit.
    pub reason: String,
}

/// Lets all records of a person bear the names that their profile has now, and tells the person if any bore others; for
/// administrators. Gives how many did.
pub async fn renew_names(app: &App, viewer: &Viewer, input: &CertificateNamesRenewInput) -> Result<u64> {
    viewer.holding(SiteRole::Administrator)?;
    let mut problems = Problems::new();
    let reason = problems.take("input.reason", text::line(&input.reason, 500));
    problems.done()?;
    transact_once!(app, viewer, input.key, "certificateNamesRenew", input, |tx| {
        let person = policy::managed(tx, viewer, input.user_id).await?;
        check_seen(&person, input)?;
        let of_completions = [completion::Column::UserId, completion::Column::FullName, completion::Column::LatinName];
        let of_attendances = [attendance::Column::UserId, attendance::Column::FullName, attendance::Column::LatinName];
        let renewed = renew::<completion::Entity>(tx, &person, of_completions).await?
            + renew::<attendance::Entity>(tx, &person, of_attendances).await?;
        if renewed > 0 {
            let action = Action::new("user.certificate_names_renewed").on(person.id).fields(["fullName", "latinName"]);
            audit::record(tx, viewer, action.with("records", renewed).with("reason", &reason)).await?;
            let letter = Letter::new("certificate-names-renewed", &person.email, &person.language);
            jobs::enqueue(tx, &letter.linking(Link::Page("#/sign-in".into()))).await?;
        }
        Ok(renewed)
    })
}

/// Problems where `person` goes by other names than the administrator saw: else their owner could choose, after that, what is
/// renewed.
fn check_seen(person: &user::Model, input: &CertificateNamesRenewInput) -> Result<()> {
    let mut problems = Problems::new();
    let another = |path| Problem::at(UserErrorCode::WrongState, path);
    problems.check(input.full_name == person.full_name, || another("input.fullName"));
    let latin_name = input.latin_name.as_deref().filter(|name| !name.is_empty());
    problems.check(latin_name == person.latin_name.as_deref(), || another("input.latinName"));
    problems.done()
}

/// Writes the names of `person` to those of their records that bear others; how many that are.
async fn renew<E: EntityTrait>(tx: &Tx, person: &user::Model, [holder, full_name, latin_name]: [E::Column; 3]) -> Result<u64> {
    let differs = Condition::any().add(full_name.ne(person.full_name.as_str()));
    let differs = match person.latin_name.as_deref() {
        Some(name) => differs.add(latin_name.is_null()).add(latin_name.ne(name)),
        None => differs.add(latin_name.is_not_null()),
    };
    let renewed = E::update_many()
        .col_expr(full_name, Expr::val(person.full_name.as_str()))
        .col_expr(latin_name, Expr::val(person.latin_name.clone()))
        .filter(holder.eq(person.id))
        .filter(differs)
        .exec(tx)
        .await?;
    Ok(renewed.rows_affected)
}
