//! Inviting to webinars: contacts, who are offices without accounts; letters to them and to people; the people whom contacts
//! name, and choosing among them. A seat is held for whom the organiser accepts, and becomes a registration once that person
//! has said that they come and has an account of that address.

pub mod admitting;
pub mod answering;
pub mod asking;
pub mod choosing;
pub mod contact;
pub mod contact_address;
pub mod contacting;
pub mod delivery;
pub mod forgetting;
pub mod guest;
pub mod importing;
pub mod invitation;
pub mod letter;
pub mod letter_text;
pub mod lettering;
pub mod nominating;
pub mod nominee;
pub mod placing;
pub mod policy;
pub mod previewing;
pub mod reminding;
pub mod resending;
pub mod sending;
pub mod stopping;
pub mod telling;
pub mod templating;
pub mod unwanted;
pub mod writing;
