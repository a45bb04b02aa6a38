//! Inviting in the API.

pub mod asking;
pub mod contact;
pub mod contacting;
pub mod deciding;
pub mod invitation;
pub mod loading;
pub mod naming;
pub mod nomination;
pub mod nominee;
pub mod sending;
pub mod webinar;

pub use self::{
    asking::InvitingQuery, contact::Contact, contacting::ContactMutation, deciding::NomineeMutation, invitation::Invitation,
    naming::NominationMutation, nominee::Nominee, sending::InvitationMutation, webinar::WebinarInviting,
};
