//! A program that makes one request with reqwest, to compare the size of the client's with.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: one_request URL")?;
    let leads: serde_json::Value = reqwest::get(url).await?.json().await?;
    println!("{leads}");
    Ok(())
}
