//! Somebody who uses the API from outside.

use anyhow::{Context as _, bail, ensure};
use http::{Method, header};
use serde_json::{Value, json};

use super::socket::Following;
use crate::demo::{
    http::{Answer, Http},
    request::{self, Refusal},
};

/// A client, signed in or not. Its copies share its connections.
#[derive(Clone)]
pub struct Client {
    /// Address of the server, without a trailing slash.
    pub at: String,
    pub http: Http,
    session: Session,
}

/// How a client shows who it is.
#[derive(Clone)]
enum Session {
    None,
    /// As apps do.
    Bearer(String),
    /// As browsers do.
    Cookie(String),
}

impl Client {
    /// A visitor of the server at `at`.
    pub fn new(at: &str) -> Self {
        Self { at: at.trim_end_matches('/').to_owned(), http: Http::new(), session: Session::None }
    }

    /// The same client without a session.
    pub fn signed_out(&self) -> Self {
        Self { session: Session::None, ..self.clone() }
    }

    /// Signs in as apps do, with a token.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<Self> {
        let (payload, _) = self.start_session(email, password, "BEARER").await?;
        let token = payload["token"].as_str().context("no token")?.to_owned();
        Ok(Self { session: Session::Bearer(token), ..self.clone() })
    }

    /// Signs in as browsers do, with a cookie.
    pub async fn sign_in_by_cookie(&self, email: &str, password: &str) -> anyhow::Result<Self> {
        let (payload, answer) = self.start_session(email, password, "COOKIE").await?;
        ensure!(payload["token"].is_null(), "a token beside the cookie");
        let cookie = answer.header(header::SET_COOKIE).context("no cookie")?;
        ensure!(cookie.contains("HttpOnly"), "scripts can read the cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { session: Session::Cookie(cookie), ..self.clone() })
    }

    async fn start_session(&self, email: &str, password: &str, transport: &str) -> anyhow::Result<(Value, Answer)> {
        let input = json!({ "email": email, "password": password, "transport": transport });
        let request = request::change("sessionStart", &[("input: SessionStartInput!", input)], "token");
        let answer = self.signed_out().post(&request.document, &request.variables).await?;
        Ok((request::payload(&serde_json::from_slice(&answer.body)?)?, answer))
    }

    /// Headers that say who asks. A cookie counts only for the site's own pages, which `Origin` names.
    fn credentials(&self) -> Vec<(&str, String)> {
        match &self.session {
            Session::None => Vec::new(),
            Session::Bearer(token) => vec![("authorization", format!("Bearer {token}"))],
            Session::Cookie(cookie) => vec![("cookie", cookie.clone()), ("origin", self.at.clone())],
        }
    }

    async fn post(&self, document: &str, variables: &Value) -> anyhow::Result<Answer> {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let json = [("content-type", "application/json".to_owned()), ("accept", "application/graphql-response+json".to_owned())];
        let headers: Vec<_> = json.into_iter().chain(self.credentials()).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.http.send(Method::POST, &format!("{}/graphql", self.at), &headers, body).await
    }

    /// The whole answer to a document.
    pub async fn send(&self, document: &str, variables: Value) -> anyhow::Result<Value> {
        let answer = self.post(document, &variables).await?;
        serde_json::from_slice(&answer.body).with_context(|| format!("{}: {}", answer.status, answer.text()))
    }

    /// Asks; the data.
    pub async fn ask(&self, document: &str, variables: Value) -> anyhow::Result<Value> {
        let answer = self.send(document, variables).await?;
        request::data(&answer).with_context(|| format!("{document}: {answer}"))
    }

    /// Changes something; the payload.
    pub async fn change(&self, field: &str, arguments: &[(&str, Value)], answer: &str) -> anyhow::Result<Value> {
        let request = request::change(field, arguments, answer);
        let answered = self.send(&request.document, request.variables).await?;
        request::payload(&answered).with_context(|| format!("{field}: {answered}"))
    }

    /// Makes something; its id. `answer` names it in the payload.
    pub async fn create(&self, field: &str, kind: &str, input: Value, answer: &str) -> anyhow::Result<Value> {
        let made = self.change(field, &[(&format!("input: {kind}!"), input)], &format!("{answer} {{ id }}")).await?;
        Ok(made[answer]["id"].clone())
    }

    /// A mutation that must be refused; why it was.
    pub async fn refused(&self, field: &str, arguments: &[(&str, Value)]) -> anyhow::Result<String> {
        let request = request::change(field, arguments, "");
        match request::payload(&self.send(&request.document, request.variables).await?) {
            Err(Refusal::Request(code)) => Ok(code),
            Err(Refusal::Problems(problems)) => Ok(problems.join(", ")),
            Ok(_) => bail!("{field} was not refused"),
        }
    }

    /// Fetches what lies at `path` of the server.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        let credentials = self.credentials();
        let headers: Vec<_> = credentials.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.http.send(Method::GET, &format!("{}{path}", self.at), &headers, "").await
    }

    /// Follows a subscription.
    pub async fn follow(&self, document: &str, variables: Value) -> anyhow::Result<Following> {
        let authorization = match &self.session {
            Session::Bearer(token) => Some(format!("Bearer {token}")),
            _ => None,
        };
        let cookie = if let Session::Cookie(cookie) = &self.session { Some(cookie.as_str()) } else { None };
        Following::begin(&self.at, authorization, cookie, document, variables).await
    }

    /// Sends a small file; its id.
    pub async fn upload(&self, purpose: &str, name: &str, content_type: &str, bytes: &'static [u8]) -> anyhow::Result<Value> {
        let input = json!({
            "key": super::key(), "purpose": purpose, "name": name, "contentType": content_type, "size": bytes.len().to_string(),
        });
        let answer = "file { id } address { url headers { name value } }";
        let started = self.change("fileUploadStart", &[("input: FileUploadStartInput!", input)], answer).await?;
        self.http.put(&started["address"], bytes).await?;
        let id = started["file"]["id"].clone();
        let completed = self.change("fileUploadComplete", &[("id: ID!", id.clone())], "file { state }").await?;
        ensure!(completed["file"]["state"] == "READY", "{name} was refused");
        Ok(id)
    }
}

/// The path of an address of the server, whatever name the server has for itself.
pub fn path_of(url: &Value) -> anyhow::Result<String> {
    let url = url.as_str().context("no address")?;
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    Ok(rest.find('/').map_or_else(|| "/".to_owned(), |start| rest[start..].to_owned()))
}
