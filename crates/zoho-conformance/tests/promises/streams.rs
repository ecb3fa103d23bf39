//! Files go through the typed layer as they come: up in a form that streams, and down as a body that does.
#![allow(clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use zoho_client::{Body, Multipart, Record, ServiceTransport, Transport, TransportError};
use zoho_conformance::harness::Harness;

const CHUNKS: usize = 64;

/// Notes how many chunks had been made when the first bytes of the file went out.
#[derive(Debug)]
struct Watch<T> {
    inner: T,
    made: Arc<AtomicUsize>,
    at_first: Arc<AtomicUsize>,
}

impl<T: Transport> Transport for Watch<T> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (parts, mut body) = request.into_parts();
            let mut all = Vec::new();
            while let Some(chunk) = body.chunk().await {
                let chunk = chunk?;
                if chunk.starts_with(b"chunk 0;") {
                    self.at_first
                        .store(self.made.load(Ordering::SeqCst), Ordering::SeqCst);
                }
                all.extend_from_slice(&chunk);
            }
            self.inner
                .send(http::Request::from_parts(parts, Body::from(all)))
                .await
        })
    }
}

#[test]
fn an_upload_streams_and_comes_back_as_it_was() {
    let (made, at_first) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let watch = (made.clone(), at_first.clone());
    let harness = Harness::of(zoho_mock::MockZoho::builder(), |mock, client| {
        let inner = ServiceTransport::new(mock.service());
        let (made, at_first) = watch;
        client.transport(Watch {
            inner,
            made,
            at_first,
        })
    });
    let crm = harness.zoho.crm();
    harness.run(async {
        let lead = crm
            .records("Leads")
            .create([Record::new().set("Last_Name", "Ngo")])
            .await
            .expect("it is complete");
        let lead = lead[0].id().expect("created").clone();

        let chunks = stream::iter(0..CHUNKS).map(move |number| {
            made.fetch_add(1, Ordering::SeqCst);
            Ok::<_, std::io::Error>(Bytes::from(format!("chunk {number};")))
        });
        let form = Multipart::new().file("file", "chunks.txt", Body::stream(chunks));
        let api = crm.api();
        let attachments = api.attachments();
        let reply = attachments
            .upload_attachment("Leads", &lead, form)
            .await
            .expect("accepted");
        assert_eq!(
            at_first.load(Ordering::SeqCst),
            1,
            "one chunk is made before it goes out"
        );

        let outcomes = reply.data.value().expect("outcomes");
        let id = outcomes[0]
            .details
            .value()
            .and_then(|details| details.id.value())
            .expect("an id");
        let mut file = attachments
            .download_attachment("Leads", &lead, id)
            .await
            .expect("answered")
            .into_inner()
            .expect("it is there");
        let mut all = Vec::new();
        while let Some(chunk) = file.chunk().await {
            all.extend_from_slice(&chunk.expect("whole"));
        }
        let expected: String = (0..CHUNKS).map(|number| format!("chunk {number};")).collect();
        assert_eq!(String::from_utf8_lossy(&all), expected);
    });
}
