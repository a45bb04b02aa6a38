//! Discussion: communities and courses have categories, categories have topics, topics have posts that are numbered
//! 1, 2, 3 … without gaps.
//!
//! The place that categories stand in, a community or a course, is their *parent*. It decides who sees, posts and
//! moderates, and a topic never leaves it: topics, posts and flags carry its id, so that rights need no joins.

pub mod category;
pub mod category_text;
pub mod community;
pub mod community_text;
pub mod flag;
pub mod flagging;
pub mod following;
pub mod founding;
pub mod graphql;
pub mod moderating;
pub mod parent;
pub mod policy;
pub mod post;
pub mod posting;
pub mod read_position;
pub mod reading;
pub mod removal;
pub mod removing;
pub mod revision;
pub mod shelving;
pub mod topic;
pub mod unread;
