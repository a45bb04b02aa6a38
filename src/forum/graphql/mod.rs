//! Forums in the API.

pub mod asking;
pub mod category;
pub mod community;
pub mod discussing;
pub mod flag;
pub mod following;
pub mod loading;
pub mod managing;
pub mod moderating;
pub mod post;
pub mod topic;

pub use self::{
    asking::ForumQuery,
    category::Category,
    community::Community,
    discussing::DiscussionMutation,
    flag::{Flag, FlagConnection, queue_of},
    following::ForumSubscription,
    loading::{CategoriesOf, standing},
    managing::CommunityMutation,
    moderating::ModerationMutation,
    post::Post,
    topic::{Topic, TopicConnection, topics_of},
};
