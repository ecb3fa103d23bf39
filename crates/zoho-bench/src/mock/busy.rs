//! Requests per second, beside a bare handler that returns the same bytes.

use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::session::Session;
use crate::Failure;
use crate::load::Order;
use crate::process::{self, Server};
use crate::report::{Report, Target, median};

/// Two hundred leads of eight fields.
const LIST: &str =
    "/crm/v8/Leads?fields=Last_Name,First_Name,Company,Email,Phone,City,Industry,Annual_Revenue&per_page=200";
const CREATE: &str = "/crm/v8/Leads";
const CONNECTIONS: usize = 8;
const SECONDS: f64 = 2.0;

/// Measures lists and creates.
pub(super) fn measure(
    program: &Path,
    rounds: usize,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("zoho-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let flags = ["--records".to_owned(), "Leads=2000".to_owned()];
    let mut session = runtime.block_on(Session::start(program, &flags))?;
    let (page, _) = runtime.block_on(session.call(Method::GET, LIST, &Value::Null))?;
    let lead = json!({"data": [{
        "Last_Name": "Lindqvist", "First_Name": "Annemarie", "Company": "Lindqvist Ltd", "Phone": "+49 30 1234567",
        "City": "Regensburg", "Industry": "Service Provider", "Annual_Revenue": 1_250_000.5, "Lead_Source": "Cold Call",
    }]});
    let order = Order {
        address: session.address,
        method: "GET".to_owned(),
        target: LIST.to_owned(),
        headers: session.headers.clone(),
        body: String::new(),
        status: 200,
        connections: CONNECTIONS,
        seconds: SECONDS,
    };
    let list = Contest::hold(&session.server, &page, &order, rounds, &folder)?;
    list.tell(
        "list of 200 leads of 8 fields",
        report,
        Target::AtLeast(0.5),
        Target::None,
    );

    let order = Order {
        method: "POST".to_owned(),
        target: CREATE.to_owned(),
        body: lead.to_string(),
        status: 201,
        ..order
    };
    // A bare handler says 200; what it is sent and what it sends back is the same.
    let created = br#"{"data":[{"code":"SUCCESS","details":{"Modified_Time":"2026-01-01T00:00:00-05:00","Modified_By":{"name":"Patricia Boyle","id":"5000000000000225013"},"Created_Time":"2026-01-01T00:00:00-05:00","id":"5000000000000300001","Created_By":{"name":"Patricia Boyle","id":"5000000000000225013"}},"message":"record added","status":"success"}]}"#;
    let create = Contest::hold(&session.server, created, &order, rounds, &folder)?;
    create.tell(
        "single create of 8 fields",
        report,
        Target::None,
        Target::AtLeast(20_000.0),
    );
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The mock and the bare handler under the same load, taking turns.
#[derive(Debug, Default)]
struct Contest {
    mock: Side,
    bare: Side,
}

#[derive(Debug, Default)]
struct Side {
    rates: Vec<f64>,
    /// Microseconds of CPU for a request.
    cpu: Vec<f64>,
}

impl Contest {
    fn hold(
        mock: &Server,
        bytes: &[u8],
        order: &Order,
        rounds: usize,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let file = folder.join("answer");
        std::fs::write(&file, bytes)?;
        let bare = Server::start(&process::own()?, &[Path::new("bare"), &file])?;
        let bare_order = Order {
            address: bare.line.trim().parse()?,
            status: 200,
            ..order.clone()
        };
        let mut contest = Self::default();
        for _ in 0..rounds.max(1) {
            contest.mock.run(mock, order, folder)?;
            contest.bare.run(&bare, &bare_order, folder)?;
        }
        Ok(contest)
    }

    fn tell(self, name: &str, report: &mut Report, ratio: Target, rate: Target) {
        let ratios = self.mock.rates.iter().zip(&self.bare.rates);
        let of_bare = median(ratios.map(|(mock, bare)| mock / bare).collect());
        report.add(format!("{name}: of the bare handler's rate"), of_bare, "", ratio);
        report.add(
            format!("{name}: mock"),
            median(self.mock.rates),
            "requests/s",
            rate,
        );
        report.add(
            format!("{name}: bare"),
            median(self.bare.rates),
            "requests/s",
            Target::None,
        );
        report.add(
            format!("{name}: mock"),
            median(self.mock.cpu),
            "CPU µs/request",
            Target::None,
        );
        report.add(
            format!("{name}: bare"),
            median(self.bare.cpu),
            "CPU µs/request",
            Target::None,
        );
    }
}

impl Side {
    fn run(&mut self, server: &Server, order: &Order, folder: &Path) -> Result<(), Failure> {
        let before = server.cpu()?;
        let outcome = process::load(order, folder)?;
        let used = server.cpu()? - before;
        let requests = outcome.requests.max(1) as f64;
        self.rates.push(requests / outcome.seconds);
        self.cpu.push(used * 1e6 / requests);
        Ok(())
    }
}
