//! Webinars: series, the webinars in them, and those who register. A webinar is one thing from its first draft to the
//! recording of it; the live picture stays with the tool that its organiser uses.

pub mod answer;
pub mod asking;
pub mod attendance_line;
pub mod attending;
pub mod authoring;
pub mod calendar;
pub mod calendar_feed;
pub mod crediting;
pub mod founding;
pub mod funder;
pub mod funder_text;
pub mod graphql;
pub mod inviting;
pub mod joining;
pub mod listing;
pub mod material;
pub mod policy;
pub mod presenting;
pub mod question;
pub mod question_text;
pub mod questioning;
pub mod recording;
pub mod registering;
pub mod registration;
pub mod replaying;
pub mod scheduling;
pub mod seeing;
pub mod series;
pub mod series_text;
pub mod speaker;
pub mod speaker_text;
pub mod telling;
pub mod webinar;
pub mod webinar_text;
