//! Which numbers may be known: those from which no figure about one to four people comes, neither by itself nor by reckoning.
//!
//! Published of a series are its own numbers and those of its webinars, by each thing that people are counted by; nothing is crossed
//! with anything else. In each of these tables:
//!
//! - A number is that of a category, or of all together that are not shown there, which is the total less the others.
//! - Each is at least [`LEAST`], and so is what two of them tell: how many of those who registered did not come; how many people of
//!   the series are not in a webinar; how many are in several; how many are left to the webinars that are not shown. That all of a
//!   category came, or none, would say it of each of them, so that is not given either. Only a stage that nobody reached is: as zero.
//!   A webinar that has everybody in its series, and a series whose webinars share nobody, are exceptions, since they can't be hidden.
//! - A stage shows no other categories than the stage that it is part of, a webinar no others than its series, and all webinars that
//!   are shown by category show the same. So what can be reckoned from any number of tables is a sum of the figures above.
//!
//! What breaks this is not shown: first the category itself, then, the smallest that mends it, as many more as it takes for the rest
//! to hold. Where a total breaks it, nothing of that stage is given. `adversary` tries to reckon what was left out.

#[cfg(test)]
mod adversary;

use super::{
    stage::{STAGES, Stage},
    tree::Tree,
};

/// How many people a figure is about at least.
pub const LEAST: i64 = 5;

/// How many people there are by stage, population and category. The first population is the series, the others are its webinars.
pub type People = Vec<Vec<Vec<i64>>>;

/// Which of [`People`] may be known.
pub type Shown = Vec<Vec<Vec<bool>>>;

/// The most ways that are tried of leaving small webinars to their totals.
const TRIES: usize = 16;

/// Whether figures are about enough people.
fn are_enough(figures: &[i64]) -> bool {
    figures.iter().all(|figure| *figure >= LEAST)
}

/// Judges which numbers may be known. `closed` says that only nominees could register.
#[must_use]
pub fn shown(tree: &Tree, people: &People, closed: bool) -> Shown {
    let (nodes, populations) = (tree.nodes.len(), people[0].len());
    let group = |node| Group((0..STAGES * populations).map(|at| people[at / populations][at % populations][node]).collect());
    let groups = (0..nodes).map(group).collect();
    let mut judging = Judging { tree, populations, groups, closed, shown: vec![vec![vec![false; nodes]; populations]; STAGES] };
    for stage in Stage::ALL {
        judging.series(stage);
        judging.webinars(stage);
    }
    judging.shown
}

/// How many people a category, or some of them together, have at each stage in each population.
#[derive(Clone)]
struct Group(Vec<i64>);

impl Group {
    fn with(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one + other).collect())
    }
}

struct Judging<'a> {
    tree: &'a Tree,
    populations: usize,
    /// By category.
    groups: Vec<Group>,
    closed: bool,
    shown: Shown,
}

impl Judging<'_> {
    fn number(&self, stage: Stage, population: usize, group: &Group) -> i64 {
        group.0[stage.at() * self.populations + population]
    }

    fn everybody(&self) -> &Group {
        &self.groups[0]
    }

    fn is_shown(&self, stage: Stage, population: usize, node: usize) -> bool {
        self.shown[stage.at()][population][node]
    }

    fn above(&self, stage: Stage) -> &'static [Stage] {
        stage.within(self.closed)
    }

    fn all_webinars(&self) -> std::ops::Range<usize> {
        1..self.populations
    }

    /// The number, and how many each stage above has more.
    fn own(&self, stage: Stage, population: usize, group: &Group) -> Vec<i64> {
        let number = self.number(stage, population, group);
        let lost = self.above(stage).iter().map(|above| self.number(*above, population, group) - number);
        std::iter::once(number).chain(lost).collect()
    }

    /// How many people of the series are not in a webinar.
    fn missing(&self, stage: Stage, webinar: usize, group: &Group) -> i64 {
        self.number(stage, 0, group) - self.number(stage, webinar, group)
    }

    /// How many people more than in the series there are in its webinars, where each counts once for each webinar.
    fn repeated(&self, stage: Stage, group: &Group) -> i64 {
        self.all_webinars().map(|webinar| self.number(stage, webinar, group)).sum::<i64>() - self.number(stage, 0, group)
    }

    /// Whether nobody came so far.
    fn is_empty(&self, stage: Stage, population: usize) -> bool {
        self.number(stage, population, self.everybody()) == 0
    }

    /// Whether a webinar has all people of the series.
    fn is_whole(&self, stage: Stage, webinar: usize) -> bool {
        self.missing(stage, webinar, self.everybody()) == 0
    }

    /// Judges the series: its total, and if that may be known its categories.
    fn series(&mut self, stage: Stage) {
        // A webinar that has all of them is known by the series.
        let whole: Vec<_> = self.all_webinars().filter(|webinar| self.is_whole(stage, *webinar)).collect();
        let is_enough = |group: &Group| {
            let mut populations = std::iter::once(0).chain(whole.iter().copied());
            populations.all(|population| are_enough(&self.own(stage, population, group)))
        };
        if self.is_empty(stage, 0) {
            self.shown[stage.at()][0].fill(true);
        } else if is_enough(self.everybody()) && self.is_repeated_enough(stage, self.everybody()) {
            let allowed = |node| {
                let mut above = self.above(stage).iter().filter(|above| self.is_shown(**above, 0, 0));
                above.all(|above| self.is_shown(*above, 0, node))
            };
            self.shown[stage.at()][0] = self.cut(allowed, |group| self.number(stage, 0, group), is_enough);
        }
    }

    /// Whether those who are in several webinars are enough, where there are any.
    fn is_repeated_enough(&self, stage: Stage, group: &Group) -> bool {
        self.repeated(stage, self.everybody()) == 0 || self.repeated(stage, group) >= LEAST
    }

    /// Judges the webinars: first their totals, then which of them are shown by category.
    fn webinars(&mut self, stage: Stage) {
        let totals = self.totals(stage);
        let (some, cut) = self.best(stage, &totals);
        let is_empty: Vec<_> = (0..self.populations).map(|population| self.is_empty(stage, population)).collect();
        for webinar in self.all_webinars() {
            let shown = &mut self.shown[stage.at()][webinar];
            if is_empty[webinar] {
                shown.fill(true);
            } else if some.contains(&webinar) {
                shown.clone_from(&cut);
            } else {
                shown[0] = totals.contains(&webinar);
            }
        }
    }

    /// The webinars whose totals may be known, but for those where nobody is.
    fn totals(&self, stage: Stage) -> Vec<usize> {
        let has_series = self.is_shown(stage, 0, 0);
        let full = self.all_webinars().filter(|webinar| !self.is_empty(stage, *webinar));
        let (candidates, left): (Vec<_>, Vec<_>) = full.partition(|webinar| {
            let is_above = self.above(stage).iter().all(|above| self.is_shown(*above, *webinar, 0));
            let missing = self.missing(stage, *webinar, self.everybody());
            is_above
                && (!has_series || missing == 0 || missing >= LEAST)
                && are_enough(&self.own(stage, *webinar, self.everybody()))
        });
        if !has_series {
            return candidates;
        }
        let own = |webinar: usize| (webinar, Group(self.own(stage, webinar, self.everybody())));
        let left = left.into_iter().map(|webinar| own(webinar).1).reduce(|one, other| one.with(&other));
        settled(candidates.into_iter().map(own).collect(), left, |own| own.0[0], |own| are_enough(&own.0))
    }

    /// What [`Self::own`] says of some webinars together.
    fn together(&self, stage: Stage, webinars: &[usize], group: &Group) -> Vec<i64> {
        webinars.iter().fold(vec![0; 1 + self.above(stage).len()], |sum, webinar| {
            sum.iter().zip(self.own(stage, *webinar, group)).map(|(sum, own)| sum + own).collect()
        })
    }

    /// Which of the webinars are shown by category, and which categories. The smallest are left to their totals where more is
    /// shown of the others that way.
    fn best(&self, stage: Stage, totals: &[usize]) -> (Vec<usize>, Vec<bool>) {
        let has_categories = |above: Stage, webinar: usize| self.shown[above.at()][webinar][1..].contains(&true);
        let mut webinars = totals.to_vec();
        webinars.retain(|webinar| self.above(stage).iter().all(|above| has_categories(*above, *webinar)));
        webinars.sort_by_key(|webinar| self.number(stage, *webinar, self.everybody()));
        let mut best = (0, Vec::new(), Vec::new());
        for smallest in (0..webinars.len()).step_by(webinars.len() / TRIES + 1) {
            let some = &webinars[smallest..];
            let cut = self.common(stage, some);
            let worth = some.len() * cut[1..].iter().filter(|is_shown| **is_shown).count();
            if worth > best.0 {
                best = (worth, some.to_vec(), cut);
            }
        }
        (best.1, best.2)
    }

    /// The categories that all of `some` webinars can show.
    fn common(&self, stage: Stage, some: &[usize]) -> Vec<bool> {
        let has_series = self.is_shown(stage, 0, 0);
        let others: Vec<_> =
            self.all_webinars().filter(|webinar| !some.contains(webinar) && !self.is_empty(stage, *webinar)).collect();
        let allowed = |node| {
            let is_above = |webinar| self.above(stage).iter().all(|above| self.is_shown(*above, webinar, node));
            (!has_series || self.is_shown(stage, 0, node)) && some.iter().all(|webinar| is_above(*webinar))
        };
        let is_enough = |group: &Group| {
            let mut own = some.iter().map(|webinar| self.own(stage, *webinar, group));
            let mut parts = some.iter().filter(|webinar| !self.is_whole(stage, **webinar));
            own.all(|own| are_enough(&own))
                && (!has_series || parts.all(|webinar| self.missing(stage, *webinar, group) >= LEAST))
                && (!has_series || others.is_empty() || are_enough(&self.together(stage, &others, group)))
                && (!has_series || self.is_repeated_enough(stage, group))
        };
        let size = |group: &Group| some.iter().map(|webinar| self.number(stage, *webinar, group)).sum();
        self.cut(allowed, size, is_enough)
    }

    /// Of each category that is shown, the parts that may be shown, too: those that are `allowed` and of whom there are enough, as
    /// long as there are enough of the others together.
    fn cut(
        &self,
        allowed: impl Fn(usize) -> bool,
        size: impl Fn(&Group) -> i64,
        is_enough: impl Fn(&Group) -> bool,
    ) -> Vec<bool> {
        let mut cut = vec![false; self.tree.nodes.len()];
        cut[0] = true;
        for node in 0..cut.len() {
            if cut[node] {
                let parts = self.tree.nodes[node].parts.iter().map(|part| (*part, self.groups[*part].clone()));
                let (candidates, left): (Vec<_>, Vec<_>) = parts.partition(|(part, group)| allowed(*part) && is_enough(group));
                let left = left.into_iter().map(|(_, group)| group).reduce(|one, other| one.with(&other));
                for part in settled(candidates, left, &size, &is_enough) {
                    cut[part] = true;
                }
            }
        }
        cut
    }
}

/// Of `candidates`, those that may be shown. Where there are not enough of those that are `left`, the smallest that mends it joins
/// them; where none does, the smallest, and so on.
fn settled(
    mut candidates: Vec<(usize, Group)>,
    mut left: Option<Group>,
    size: impl Fn(&Group) -> i64,
    is_enough: impl Fn(&Group) -> bool,
) -> Vec<usize> {
    candidates.sort_by_key(|(_, group)| size(group));
    while let Some(rest) = left.filter(|rest| !candidates.is_empty() && !is_enough(rest)) {
        let mends = candidates.iter().position(|(_, group)| is_enough(&rest.with(group)));
        left = Some(rest.with(&candidates.remove(mends.unwrap_or(0)).1));
    }
    candidates.into_iter().map(|(at, _)| at).collect()
}
