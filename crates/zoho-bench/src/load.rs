//! The load generator: connections that each send the same request, again as soon as it is answered. It speaks no
//! more HTTP than it needs: on a machine of few cores, what it spends is taken from the servers.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failure;
use crate::clock::Watch;

/// What to send, to whom and for how long.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) address: SocketAddr,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The only status that counts as answered.
    pub(crate) status: u16,
    pub(crate) connections: usize,
    pub(crate) seconds: f64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
}

/// Carries out the order of a file.
pub(crate) fn run(file: &Path) -> Result<(), Failure> {
    let order: Order = serde_json::from_slice(&std::fs::read(file)?)?;
    // One thread: the servers are to have the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(all(&order))?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

async fn all(order: &Order) -> Result<Outcome, Failure> {
    let mut connections = Vec::new();
    for _ in 0..order.connections {
        let stream = TcpStream::connect(order.address).await?;
        stream.set_nodelay(true)?;
        connections.push(stream);
    }
    let watch = Watch::start();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|stream| tokio::spawn(one(stream, order.clone(), watch)))
        .collect();
    let mut requests = 0;
    for task in tasks {
        requests += task.await??;
    }
    let seconds = watch.read().as_secs_f64();
    Ok(Outcome { requests, seconds })
}

async fn one(mut stream: TcpStream, order: Order, watch: Watch) -> Result<u64, Failure> {
    let request = order.text();
    let end = Duration::try_from_secs_f64(order.seconds)?;
    let mut buffer = vec![0; 256 << 10];
    let mut requests = 0;
    while watch.read() < end {
        stream.write_all(request.as_bytes()).await?;
        let answer = read(&mut stream, &mut buffer).await?;
        if answer.status != order.status {
            let body = String::from_utf8_lossy(answer.body);
            let Order { method, target, .. } = &order;
            return Err(format!("{method} {target} was answered with {}: {body}", answer.status).into());
        }
        requests += 1;
    }
    Ok(requests)
}

impl Order {
    /// The request as it is sent.
    fn text(&self) -> String {
        let mut text = format!(
            "{} {} HTTP/1.1\r\nhost: {}\r\n",
            self.method, self.target, self.address
        );
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() {
            text.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text
    }
}

/// An answer that came whole.
#[derive(Debug, PartialEq)]
struct Answer<'a> {
    status: u16,
    body: &'a [u8],
}

/// Reads one answer; whatever the buffer holds is written over.
async fn read<'a>(stream: &mut TcpStream, buffer: &'a mut Vec<u8>) -> Result<Answer<'a>, Failure> {
    let mut filled = 0;
    let (status, begin, end) = loop {
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
        let count = stream.read(buffer.get_mut(filled..).unwrap_or_default()).await?;
        if count == 0 {
            return Err("the connection ended within an answer".into());
        }
        filled += count;
        let (status, begin, length) = match head(buffer.get(..filled).unwrap_or_default())? {
            Some(head) => head,
            None => continue,
        };
        let end = begin + length;
        if buffer.len() < end {
            buffer.resize(end, 0);
        }
        let rest = buffer.get_mut(filled..end).ok_or("more came than one answer")?;
        stream.read_exact(rest).await?;
        break (status, begin, end);
    };
    let body = buffer.get(begin..end).unwrap_or_default();
    Ok(Answer { status, body })
}

/// Status, length of the head, and length of the body; nothing while the head is not whole.
fn head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>, Failure> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.ok_or("an answer without a status")?.parse()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    let length = length.ok_or("an answer without Content-Length")?.parse()?;
    Ok(Some((status, end + 4, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_how_long_an_answer_is() {
        let text = b"HTTP/1.1 201 Created\r\nserver: ZGS\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(head(text).unwrap(), Some((201, text.len() - 3, 3)));
        assert_eq!(head(&text[..40]).unwrap(), None);
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"HTTP/1.1\r\ncontent-length: 1\r\n\r\n").is_err());
    }

    #[tokio::test]
    async fn answers_are_read_whole_and_counted() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let order = Order {
            address: listener.local_addr().unwrap(),
            method: "POST".to_owned(),
            target: "/x".to_owned(),
            headers: vec![("a".to_owned(), "b".to_owned())],
            body: "{}".to_owned(),
            status: 200,
            connections: 1,
            seconds: 0.0,
        };
        let text = order.text();
        assert_eq!(
            text,
            format!(
                "POST /x HTTP/1.1\r\nhost: {}\r\na: b\r\ncontent-length: 2\r\n\r\n{{}}",
                order.address
            )
        );
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let body = vec![b'x'; 600_000];
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&body).await.unwrap();
        });
        let mut stream = TcpStream::connect(order.address).await.unwrap();
        let mut buffer = vec![0; 16];
        let answer = read(&mut stream, &mut buffer).await.unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 600_000));
        server.await.unwrap();
    }
}
