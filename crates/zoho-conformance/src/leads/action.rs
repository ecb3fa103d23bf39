//! What can happen to the leads: writes, reads, and the weather around them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::weather::{Weather, foul};

/// The longest `Last_Name` that Zoho stores, in characters.
pub const LAST_NAME_LENGTH: usize = 80;

/// A row to create. Without a last name, or with a bad one, it is refused.
#[derive(Clone, Debug)]
pub struct Row {
    /// `Last_Name`.
    pub last_name: Option<String>,
    /// `Company`.
    pub company: Option<String>,
    /// `Email`.
    pub email: Option<String>,
}

/// Fields to change; what is `None` stays as it is.
#[derive(Clone, Debug)]
pub struct Patch {
    /// `Last_Name`.
    pub last_name: Option<String>,
    /// `Company`.
    pub company: Option<String>,
    /// `Email`.
    pub email: Option<String>,
}

/// Which record a write is about.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The n-th live record, counted round.
    Live(usize),
    /// An id that nobody has.
    Unknown,
}

/// One step of a history.
#[derive(Clone, Debug)]
pub enum Action {
    /// Create a batch.
    Create(Vec<Row>),
    /// Update a batch.
    Update(Vec<(Target, Patch)>),
    /// Insert or update by `Email`.
    Upsert(Vec<Row>),
    /// Delete a batch.
    Delete(Vec<Target>),
    /// Read one record.
    Get(Target),
    /// Read all records in pages of this size.
    List {
        /// Rows a page.
        per_page: u32,
    },
    /// Ask for the leads of a company with COQL.
    Query {
        /// The company.
        company: String,
    },
    /// Bring back the n-th deleted record, counted round, or one that nobody deleted.
    Restore(usize),
    /// Turn a lead into a contact; it may have been turned before.
    Convert(usize),
    /// Open the notification channel, or open it anew.
    Deploy,
    /// Give the channel more life.
    Renew,
    /// Close the channel.
    Remove,
    /// An hour passes: the access token is dead.
    ExpireToken,
    /// The server forgets all access tokens.
    RevokeTokens,
    /// Hours pass.
    Pass(u64),
    /// The client program starts anew; what it keeps in its store stays.
    Restart,
    /// Something goes wrong with the first request of what is done.
    Under(Weather, Box<Action>),
}

impl Action {
    /// The records that the action names, in order.
    pub fn targets(&self) -> Vec<Target> {
        let (patches, targets) = match self {
            Self::Update(patches) => (patches.as_slice(), &[][..]),
            Self::Delete(targets) => (&[][..], targets.as_slice()),
            Self::Get(target) => (&[][..], std::slice::from_ref(target)),
            Self::Under(_, action) => return action.targets(),
            _ => (&[][..], &[][..]),
        };
        patches
            .iter()
            .map(|(target, _)| *target)
            .chain(targets.iter().copied())
            .collect()
    }

    /// The request that is the action, where it is one.
    pub fn operation(&self) -> Option<&'static str> {
        Some(match self {
            Self::Create(_) => "create_records",
            Self::Update(_) => "update_records",
            Self::Upsert(_) => "upsert_records",
            Self::Delete(_) => "delete_records",
            Self::Restore(_) => "restore_recycle_bin_record",
            Self::Convert(_) => "convert_lead",
            Self::Get(_) => "get_record",
            Self::List { .. } => "list_records",
            Self::Query { .. } => "query_records",
            Self::Under(_, action) => return action.operation(),
            _ => return None,
        })
    }

    /// Whether it changes records.
    pub fn writes(&self) -> bool {
        !matches!(
            self.operation(),
            None | Some("get_record" | "list_records" | "query_records")
        )
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-zÀ-ž '-]{0,11}[A-Za-z]",
        1 => Just("李".repeat(LAST_NAME_LENGTH)),
        1 => Just("x".repeat(LAST_NAME_LENGTH + 1)),
    ]
}

fn company() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Acme".to_owned()),
        Just("O'Neil & Sons".to_owned()),
        "[A-Z][a-z]{1,8}"
    ]
}

fn email() -> impl Strategy<Value = String> {
    prop_oneof![5 => "[a-c]{1,2}@example\\.com", 1 => Just("not-an-address".to_owned())]
}

fn row() -> impl Strategy<Value = Row> {
    (
        option::weighted(0.9, name()),
        option::of(company()),
        option::of(email()),
    )
        .prop_map(|(last_name, company, email)| Row {
            last_name,
            company,
            email,
        })
}

fn patch() -> impl Strategy<Value = Patch> {
    (option::of(name()), option::of(company()), option::of(email())).prop_map(
        |(last_name, company, email)| Patch {
            last_name,
            company,
            email,
        },
    )
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![6 => (0usize..64).prop_map(Target::Live), 1 => Just(Target::Unknown)]
}

/// Any next step where so many records are live. A batch names every record at most once where the order of its rows would matter.
pub fn any_action(live: usize) -> BoxedStrategy<Action> {
    let call = prop_oneof![
        4 => vec(row(), 1..12).prop_map(Action::Create),
        3 => vec((target(), patch()), 1..8).prop_map(Action::Update),
        2 => vec(row(), 1..8).prop_map(Action::Upsert),
        2 => vec(target(), 1..6).prop_map(move |targets| Action::Delete(distinct(targets, live))),
        1 => target().prop_map(Action::Get),
        2 => (1u32..=200).prop_map(|per_page| Action::List { per_page }),
        1 => company().prop_map(|company| Action::Query { company }),
        2 => (0usize..64).prop_map(Action::Restore),
        2 => (0usize..64).prop_map(Action::Convert),
    ]
    .boxed();
    let beside = prop_oneof![
        1 => Just(Action::Deploy),
        1 => Just(Action::Renew),
        1 => Just(Action::Remove),
        1 => Just(Action::ExpireToken),
        1 => Just(Action::RevokeTokens),
        2 => (1u64..20).prop_map(Action::Pass),
        1 => Just(Action::Restart),
    ];
    let under = (foul(), call.clone()).prop_map(|(weather, action)| Action::Under(weather, Box::new(action)));
    prop_oneof![5 => call, 2 => beside, 3 => under].boxed()
}

/// Keeps the first mention of each live record: ids in one delete are a set.
fn distinct(targets: Vec<Target>, live: usize) -> Vec<Target> {
    let mut seen = std::collections::BTreeSet::new();
    targets
        .into_iter()
        .filter(|target| match target {
            Target::Live(index) => seen.insert(if live == 0 { usize::MAX } else { index % live }),
            Target::Unknown => true,
        })
        .collect()
}
