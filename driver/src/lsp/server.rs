//! The main loop.
//!
//! Invariants: every request is answered once; before `initialize` and after `shutdown` with an error; notifications that are not known are
//! left alone; what comes from the client never makes it panic, and if something does, the request is told so.

use super::capabilities::Client;
use super::documents::Documents;
use super::progress::{Progress, Step};
use super::requests::{self, Question, Reply};
use super::settings::{Options, SECTION};
use super::shown::Shown;
use super::transport::Incoming;
use super::uris;
use super::workspaces::Workspaces;
use super::{Event, Failure, notification};
use crate::panics;
use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Instant;

/// What a question to the client was about.
enum Expected {
    Progress,
    Configuration,
    Nothing,
}

/// What the client has said with `initialize`.
struct Session {
    client: Arc<Client>,
    workspaces: Workspaces,
    /// Folders that are taken in once the client is ready.
    folders: Vec<PathBuf>,
    progress: Progress,
    shown: Shown,
}

/// The server.
pub(super) struct Server {
    levels: Vec<String>,
    sender: Sender<Message>,
    events: Sender<Event>,
    pool: Arc<rayon::ThreadPool>,
    documents: Documents,
    session: Option<Session>,
    waiting: Vec<(RequestId, Question)>,
    /// Requests that are computed.
    computed: Vec<RequestId>,
    expected: BTreeMap<i32, Expected>,
    next_question: i32,
    /// What was logged once.
    said: BTreeSet<String>,
    is_shut_down: bool,
}

impl Server {
    /// `pool` has the stacks that [`crate::load::pool`] gives.
    pub(super) fn new(
        levels: Vec<String>,
        pool: rayon::ThreadPool,
        sender: Sender<Message>,
        events: Sender<Event>,
    ) -> Server {
        Server {
            levels,
            sender,
            events,
            pool: Arc::new(pool),
            documents: Documents::default(),
            session: None,
            waiting: Vec::new(),
            computed: Vec::new(),
            expected: BTreeMap::new(),
            next_question: 1,
            said: BTreeSet::new(),
            is_shut_down: false,
        }
    }

    /// Until `exit` or the end of the input; gives the exit code.
    pub(super) fn run(mut self, events: &Receiver<Event>) -> u8 {
        loop {
            let due = self
                .session
                .as_ref()
                .and_then(|session| session.progress.due(&session.workspaces).filter(|_| session.client.progress));
            let event = match due {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match event {
                Ok(Event::Incoming(Incoming::Message(Message::Notification(told)))) if told.method == "exit" => break,
                Ok(Event::Incoming(Incoming::Closed(problem))) => {
                    if let Some(problem) = problem {
                        // The client cannot be told in its own way any more.
                        eprintln!("cargo-thread-lint: the input ends: {problem}");
                    }
                    break;
                }
                Ok(event) => self.guarded(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.show_progress();
        }
        if let Some(session) = self.session.take() {
            session.workspaces.end();
        }
        u8::from(!self.is_shut_down)
    }

    /// Takes an event in; a panic costs no more than its answer.
    fn guarded(&mut self, event: Event) {
        let asked = match &event {
            Event::Incoming(Incoming::Message(Message::Request(request))) => Some(request.id.clone()),
            _ => None,
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.take(event))) {
            let message = format!("internal fault: {}; please report it", panics::describe(&*payload));
            self.log(lsp::MessageType::Error, &message);
            if let Some(id) = asked {
                self.waiting.retain(|(waiting, _)| *waiting != id);
                self.respond(id, Err(Failure::new(ErrorCode::InternalError, message)));
            }
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Incoming(Incoming::Message(Message::Request(request))) => self.request(request),
            Event::Incoming(Incoming::Message(Message::Notification(told))) => {
                if let Err(error) = self.notified(told) {
                    self.log(lsp::MessageType::Error, &format!("{error:#}"));
                }
            }
            Event::Incoming(Incoming::Message(Message::Response(response))) => self.answered(response),
            Event::Incoming(Incoming::NotUnderstood(reason)) => {
                self.log(lsp::MessageType::Error, &format!("a message that is not understood: {reason}"));
            }
            Event::Incoming(Incoming::Closed(_)) => {}
            Event::Told(told) => self.told(told),
            Event::Computed(id, path, version, result) => {
                if let Some(index) = self.computed.iter().position(|computed| *computed == id) {
                    self.computed.swap_remove(index);
                    let is_current = self.documents.get(&path).is_some_and(|document| document.version == version);
                    self.respond(id, if is_current { result } else { Err(Failure::modified()) });
                }
            }
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (&mut self.session, method.as_str()) {
            (None, "initialize") => match serde_json::from_value(params) {
                Ok(params) => self.initialize(id, params),
                Err(error) => self.respond(id, Err(Failure::new(ErrorCode::InvalidParams, error.to_string()))),
            },
            (None, _) => {
                self.respond(id, Err(Failure::new(ErrorCode::ServerNotInitialized, "`initialize` comes first")));
            }
            (Some(_), _) if self.is_shut_down => {
                self.respond(id, Err(Failure::new(ErrorCode::InvalidRequest, "the server is shut down")));
            }
            (Some(_), "initialize") => {
                self.respond(id, Err(Failure::new(ErrorCode::InvalidRequest, "`initialize` comes once")));
            }
            (Some(_), "shutdown") => {
                self.is_shut_down = true;
                for (waiting, _) in std::mem::take(&mut self.waiting) {
                    self.respond(waiting, Err(Failure::new(ErrorCode::RequestCanceled, "the server is shut down")));
                }
                self.respond(id, Ok(Value::Null));
            }
            (Some(_), method) => match Question::read(method, params, &self.documents) {
                Ok(question) => {
                    self.waiting.push((id, question));
                    self.answer_waiting();
                }
                Err(failure) => self.respond(id, Err(failure)),
            },
        }
    }

    fn initialize(&mut self, id: RequestId, params: lsp::InitializeParams) {
        let client = Arc::new(Client::new(&params.capabilities));
        let mut workspaces =
            Workspaces::new(Arc::clone(&client), Arc::clone(&self.pool), self.events.clone(), self.levels.clone());
        let answer = serde_json::to_value(client.answer()).unwrap_or(Value::Null);
        let options = Options::read(&params.initialization_options.clone().unwrap_or(Value::Null));
        let mut problem = None;
        match options {
            Ok(options) => problem = workspaces.configure(options).err().map(|error| format!("{error:#}")),
            Err(reason) => problem = problem.or(Some(format!("settings of the editor: {reason}"))),
        }
        self.respond(id, Ok(answer));
        if let Some(problem) = problem {
            self.show(&problem);
        }
        let folders = requests::folders(&params);
        self.session =
            Some(Session { client, workspaces, folders, progress: Progress::default(), shown: Shown::default() });
    }

    fn notified(&mut self, told: Notification) -> anyhow::Result<()> {
        let Some(session) = self.session.as_mut().filter(|_| !self.is_shut_down) else {
            return Ok(());
        };
        let Notification { method, params } = told;
        match method.as_str() {
            "initialized" => {
                for folder in std::mem::take(&mut session.folders) {
                    session.workspaces.add_folder(&folder, &self.documents)?;
                }
                self.register();
            }
            "textDocument/didOpen" => {
                let lsp::DidOpenTextDocumentParams { text_document: opened } = serde_json::from_value(params)?;
                if let Some(path) = Documents::path(&opened.uri) {
                    self.documents.open(path.clone(), opened.uri, opened.version, opened.text);
                    session.workspaces.document(&path, self.documents.get(&path));
                    session.workspaces.follow(&self.documents)?;
                }
            }
            "textDocument/didChange" => {
                let changed: lsp::DidChangeTextDocumentParams = serde_json::from_value(params)?;
                let lsp::VersionedTextDocumentIdentifier { version, text_document_identifier } = changed.text_document;
                if let Some(path) = Documents::path(&text_document_identifier.uri) {
                    let encoding = session.client.encoding;
                    self.documents.change(&path, version, changed.content_changes, encoding);
                    session.workspaces.document(&path, self.documents.get(&path));
                }
            }
            "textDocument/didClose" => {
                let closed: lsp::DidCloseTextDocumentParams = serde_json::from_value(params)?;
                if let Some(path) = Documents::path(&closed.text_document.uri) {
                    self.documents.close(&path);
                    session.workspaces.document(&path, None);
                    session.workspaces.follow(&self.documents)?;
                }
            }
            "textDocument/didSave" => {
                let saved: lsp::DidSaveTextDocumentParams = serde_json::from_value(params)?;
                let saved = uris::path_of(&saved.text_document.uri);
                let is_seen = |path: &PathBuf| session.client.watches_files && session.workspaces.is_in_a_folder(path);
                if let Some(path) = saved.filter(|path| !is_seen(path)) {
                    // Nobody tells what else was written: manifests and settings are looked at too.
                    let paths: Vec<PathBuf> = [path].into_iter().chain(session.workspaces.manifests()).collect();
                    session.workspaces.disk(&paths)?;
                }
            }
            "workspace/didChangeWatchedFiles" => {
                let changed: lsp::DidChangeWatchedFilesParams = serde_json::from_value(params)?;
                let paths: Vec<PathBuf> =
                    changed.changes.iter().filter_map(|change| uris::path_of(&change.uri)).collect();
                session.workspaces.disk(&paths)?;
                session.workspaces.follow(&self.documents)?;
            }
            "workspace/didChangeWorkspaceFolders" => {
                let changed: lsp::DidChangeWorkspaceFoldersParams = serde_json::from_value(params)?;
                for folder in changed.event.removed.iter().filter_map(|folder| uris::path_of(&folder.uri)) {
                    session.workspaces.remove_folder(&folder);
                }
                for folder in changed.event.added.iter().filter_map(|folder| uris::path_of(&folder.uri)) {
                    session.workspaces.add_folder(&folder, &self.documents)?;
                }
                session.workspaces.follow(&self.documents)?;
            }
            "workspace/didChangeConfiguration" => {
                let changed: lsp::DidChangeConfigurationParams = serde_json::from_value(params)?;
                if session.client.configuration {
                    let section = Some(SECTION.to_owned());
                    let item = lsp::ConfigurationItem { scope_uri: None, section };
                    self.ask("workspace/configuration", json!({ "items": [item] }), Expected::Configuration);
                } else {
                    self.configure(&changed.settings);
                }
            }
            "$/cancelRequest" => {
                let cancelled: lsp::CancelParams = serde_json::from_value(params)?;
                self.cancel(&match cancelled.id {
                    lsp::Id::Int(number) => RequestId::from(number),
                    lsp::Id::String(text) => RequestId::from(text),
                });
            }
            _ => {}
        }
        self.refresh();
        Ok(())
    }

    fn cancel(&mut self, id: &RequestId) {
        let before = (self.waiting.len(), self.computed.len());
        self.waiting.retain(|(waiting, _)| waiting != id);
        self.computed.retain(|computed| computed != id);
        if before != (self.waiting.len(), self.computed.len()) {
            self.respond(id.clone(), Err(Failure::new(ErrorCode::RequestCanceled, "cancelled by the client")));
        }
    }

    /// Asks to be told of changed files and settings, where the client can do that.
    fn register(&mut self) {
        let Some(session) = &self.session else { return };
        let mut registrations = Vec::new();
        if session.client.watches_files {
            let globs = ["**/*.rs", "**/Cargo.toml", "**/thread-lint.toml"];
            let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
            registrations.push(json!({
                "id": "thread-lint/files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            }));
        }
        if session.client.registers_configuration {
            registrations.push(json!({
                "id": "thread-lint/settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": { "section": SECTION },
            }));
        }
        if !registrations.is_empty() {
            self.ask("client/registerCapability", json!({ "registrations": registrations }), Expected::Nothing);
        }
    }

    fn configure(&mut self, settings: &Value) {
        let Some(session) = &mut self.session else { return };
        let done = Options::read(settings).map_err(|reason| format!("settings of the editor: {reason}"));
        let done = done.and_then(|options| session.workspaces.configure(options).map_err(|error| error.to_string()));
        if let Err(problem) = done {
            self.show(&problem);
        }
    }

    fn answered(&mut self, response: Response) {
        let number: Option<i32> = response.id.to_string().parse().ok();
        let Some(expected) = number.and_then(|number| self.expected.remove(&number)) else {
            return;
        };
        match (expected, response.response_result) {
            (Expected::Configuration, Ok(Value::Array(answers))) => {
                self.configure(answers.first().unwrap_or(&Value::Null));
            }
            (Expected::Progress, result) => {
                let Some(session) = &mut self.session else { return };
                if let Some(step) = session.progress.answered(result.is_ok(), &session.workspaces) {
                    self.send_progress(step);
                }
            }
            (Expected::Nothing | Expected::Configuration, _) => {}
        }
    }

    /// Takes in what an analysis has given.
    fn told(&mut self, told: super::worker::Told) {
        let Some(session) = &mut self.session else { return };
        let mut messages = Vec::new();
        if let Some(Ok(snapshot)) = &told.outcome {
            let checked = &snapshot.checked;
            let faults = checked.loaded.faults.iter().chain(&checked.report.faults);
            messages.extend(
                faults.map(|fault| (lsp::MessageType::Error, format!("internal fault: {fault}; please report it"))),
            );
            messages.extend(checked.warnings.iter().map(|warning| (lsp::MessageType::Warning, warning.clone())));
        }
        let problem = session.workspaces.told(told);
        let followed = session.workspaces.follow(&self.documents);
        for (kind, message) in messages {
            if self.said.insert(message.clone()) {
                self.log(kind, &message);
            }
        }
        if let Some(problem) = problem.or(followed.err().map(|error| format!("{error:#}"))) {
            self.show(&problem);
        }
        self.refresh();
    }

    /// Tells the client what is new, and answers what can be answered now.
    fn refresh(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.client.pulls {
            if session.workspaces.all_settled() && session.shown.is_outdated(&session.workspaces, &self.documents) {
                self.ask("workspace/diagnostic/refresh", Value::Null, Expected::Nothing);
            }
        } else {
            for mut news in session.shown.news(&session.workspaces, &self.documents) {
                news.version = news.version.filter(|_| session.client.versions);
                let _ = self.sender.send(notification::<lsp::PublishDiagnosticsNotification>(&news));
            }
        }
        self.answer_waiting();
    }

    fn answer_waiting(&mut self) {
        let Some(session) = &mut self.session else { return };
        let mut replies = Vec::new();
        let (documents, Session { client, workspaces, shown, .. }) = (&self.documents, session);
        self.waiting.retain(|(id, question)| match question.reply(client, workspaces, documents, shown) {
            None => true,
            Some(reply) => {
                replies.push((id.clone(), reply));
                false
            }
        });
        for (id, reply) in replies {
            match reply {
                Reply::Now(result) => self.respond(id, result),
                Reply::Later { path, version, work } => {
                    self.computed.push(id.clone());
                    let events = self.events.clone();
                    self.pool.spawn(move || {
                        let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
                            let message = format!("internal fault: {}", panics::describe(&*payload));
                            Err(Failure::new(ErrorCode::InternalError, message))
                        });
                        let _ = events.send(Event::Computed(id, path, version, result));
                    });
                }
            }
        }
    }

    fn show_progress(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| session.client.progress) else { return };
        if let Some(step) = session.progress.step(&session.workspaces) {
            self.send_progress(step);
        }
    }

    fn send_progress(&mut self, step: Step) {
        match step {
            Step::Ask(params) => {
                let params = serde_json::to_value(params).unwrap_or(Value::Null);
                self.ask("window/workDoneProgress/create", params, Expected::Progress);
            }
            Step::Tell(params) => {
                let _ = self.sender.send(notification::<lsp::ProgressNotification>(&params));
            }
        }
    }

    fn ask(&mut self, method: &str, params: Value, expected: Expected) {
        let number = self.next_question;
        self.next_question += 1;
        self.expected.insert(number, expected);
        let request = Request { id: RequestId::from(number), method: method.to_owned(), params };
        let _ = self.sender.send(Message::Request(request));
    }

    /// A sender without a reader means that the client is gone, and that the input ends soon.
    fn respond(&self, id: RequestId, result: Result<Value, Failure>) {
        let result =
            result.map_err(|Failure { code, message }| ResponseError { code: code as i32, message, data: None });
        let _ = self.sender.send(Message::Response(Response { id, response_result: result }));
    }

    fn show(&self, message: &str) {
        let params = lsp::ShowMessageParams { kind: lsp::MessageType::Error, message: message.to_owned() };
        let _ = self.sender.send(notification::<lsp::ShowMessageNotification>(&params));
    }

    fn log(&self, kind: lsp::MessageType, message: &str) {
        let params = lsp::LogMessageParams { kind, message: message.to_owned() };
        let _ = self.sender.send(notification::<lsp::LogMessageNotification>(&params));
    }
}
