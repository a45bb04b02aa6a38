//! Lists of contacts, invitations and nominees, and the balance of those.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    super::policy,
    contact,
    delivery::{self, State as DeliveryState},
    invitation,
    nominee::{self, State},
};
use crate::{
    accounts::user::{Gender, OrganisationKind},
    app::App,
    error::Result,
    ids::{WebinarId, WebinarSeriesId},
    language::Language,
    paging::{Direction, Page, Paged, Slice},
};

/// Contacts of a series, in the order in which they were made; ask only for those who may change it.
pub async fn contacts(app: &App, series: WebinarSeriesId, page: &Page) -> Result<Slice<contact::Model>> {
    let contacts = contact::Entity::find().filter(contact::Column::SeriesId.eq(series));
    contacts.page(app.db.read(), page, &[(contact::Column::Id, Direction::Ascending)]).await
}

/// Invitations to a webinar, in the order in which they were made, all or those with a letter that stands so; ask only for
/// those who may change it.
pub async fn invitations(
    app: &App,
    webinar: WebinarId,
    letter: Option<DeliveryState>,
    page: &Page,
) -> Result<Slice<invitation::Model>> {
    let mut invitations = invitation::Entity::find().filter(invitation::Column::WebinarId.eq(webinar));
    if let Some(state) = letter {
        let letters = delivery::Entity::find()
            .select_only()
            .column(delivery::Column::Id)
            .filter(policy::same(delivery::Column::InvitationId, invitation::Column::Id))
            .filter(delivery::Column::State.eq(state));
        invitations = invitations.filter(Expr::exists(letters.into_query()));
    }
    invitations.page(app.db.read(), page, &[(invitation::Column::Id, Direction::Ascending)]).await
}

/// Nominees for a webinar, in the order in which they were named; ask only for those who may change it.
pub async fn nominees(app: &App, webinar: WebinarId, state: Option<State>, page: &Page) -> Result<Slice<nominee::Model>> {
    let mut nominees = nominee::Entity::find().filter(nominee::Column::WebinarId.eq(webinar));
    if let Some(state) = state {
        nominees = nominees.filter(nominee::Column::State.eq(state));
    }
    nominees.page(app.db.read(), page, &[(nominee::Column::Id, Direction::Ascending)]).await
}

/// How many nominees there are of each kind.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// In all.
    pub count: i32,
    /// By gender, as told.
    pub by_gender: Vec<(Option<Gender>, i32)>,
    /// By country.
    pub by_country: Vec<(Option<String>, i32)>,
    /// By kind of organisation.
    pub by_organisation_kind: Vec<(OrganisationKind, i32)>,
    /// By language.
    pub by_language: Vec<(Language, i32)>,
}

/// The balance of a webinar's nominees: of all, and of those accepted so far.
#[derive(Clone, Debug, Default)]
pub struct Balance {
    /// All.
    pub all: Counts,
    /// Those accepted who have not said that they don't come.
    pub accepted: Counts,
}

#[derive(FromQueryResult)]
struct Group {
    state: State,
    gender: Option<Gender>,
    country: Option<String>,
    organisation_kind: OrganisationKind,
    language: Language,
    number: i64,
}

/// The balance of a webinar's nominees; ask only for those who may change it, whose own people these are.
pub async fn balance(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<Balance> {
    use nominee::Column;
    let groups = nominee::Entity::find()
        .select_only()
        .columns([Column::State, Column::Gender, Column::Country, Column::OrganisationKind, Column::Language])
        .expr_as(Column::Id.into_expr().count(), "number")
        .filter(Column::WebinarId.eq(webinar))
        .group_by(Column::State)
        .group_by(Column::Gender)
        .group_by(Column::Country)
        .group_by(Column::OrganisationKind)
        .group_by(Column::Language)
        .into_model::<Group>()
        .all(db)
        .await?;
    let accepted = groups.iter().filter(|group| matches!(group.state, State::Accepted | State::Confirmed));
    Ok(Balance { all: counts(groups.iter()), accepted: counts(accepted) })
}

fn counts<'a>(groups: impl Iterator<Item = &'a Group>) -> Counts {
    let (mut genders, mut countries, mut languages) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut kinds, mut count) = (BTreeMap::new(), 0);
    for group in groups {
        let number = i32::try_from(group.number).unwrap_or(i32::MAX);
        count += number;
        // Enumerations sort by their names.
        genders.entry(format!("{:?}", group.gender)).or_insert((group.gender, 0)).1 += number;
        kinds.entry(format!("{:?}", group.organisation_kind)).or_insert((group.organisation_kind, 0)).1 += number;
        *countries.entry(group.country.clone()).or_insert(0) += number;
        *languages.entry(group.language.clone()).or_insert(0) += number;
    }
    Counts {
        count,
        by_gender: genders.into_values().collect(),
        by_country: countries.into_iter().collect(),
        by_organisation_kind: kinds.into_values().collect(),
        by_language: languages.into_iter().collect(),
    }
}
