//! Enabling, reading, changing and disabling channels.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use super::channel::{Channel, ChannelKey, Channels};
use super::request::Request;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::records::params;
use crate::crm::{CrmWorld, body, refuse};
use crate::world::{Handler, World};

/// Channels of one body.
const MOST: usize = 50;
/// What is said of channels that were disabled.
const GONE: &str = "Successfully un-subscribed from actions-watch";

/// The handler of a notification operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "enable_notifications" => enable_notifications,
        "get_notification_details" => get_notification_details,
        "update_notifications" => update_notifications,
        "patch_notifications" => patch_notifications,
        "disable_notifications" => disable_notifications,
        _ => return None,
    })
}

fn enable_notifications(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, value, path, now| {
        let request = Request::read(crm, value, path, true, now)?;
        let user = crm.caller(call);
        let keys = crm.subscribe(user, request, now);
        let message = "Successfully subscribed for actions-watch of the given module";
        Ok(Success::new(message, crm.subscribed(&keys, call.base_url)))
    })?;
    Ok(batch::answer(world.dialect, "watch", StatusCode::CREATED, items))
}

/// Replaces all of a channel.
fn update_notifications(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, value, path, now| {
        let request = Request::read(crm, value, path, true, now)?;
        let user = crm.caller(call);
        if crm.channels.remove(user, request.number).is_empty() {
            return Err(not_subscribed(request.number));
        }
        let keys = crm.subscribe(user, request, now);
        Ok(Success::new(
            "Successfully updated the subscribe details",
            crm.subscribed(&keys, call.base_url),
        ))
    })?;
    Ok(batch::answer(world.dialect, "watch", StatusCode::OK, items))
}

/// Changes what is given of a channel; events are added, or taken away by `_delete_events`.
fn patch_notifications(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, value, path, now| {
        let request = Request::read(crm, value, path, false, now)?;
        let user = crm.caller(call);
        if crm.channels.of(user, Some(request.number)).next().is_none() {
            return Err(not_subscribed(request.number));
        }
        if request.withdraw {
            let mut keys = Vec::new();
            for (module, events) in &request.events {
                let key = (user, request.number, *module);
                if crm.channels.withdraw(&key, events) {
                    keys.push(key);
                }
            }
            if keys.is_empty() {
                return Err(not_subscribed(request.number));
            }
            return Ok(Success::new(GONE, crm.subscribed(&keys, call.base_url)));
        }
        let keys = crm.amend(user, &request, now);
        Ok(Success::new(
            "Successfully updated the subscribe details",
            crm.subscribed(&keys, call.base_url),
        ))
    })?;
    Ok(batch::answer(world.dialect, "watch", StatusCode::OK, items))
}

fn disable_notifications(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    crm.channels.expire(call.now.as_second());
    let list = call.query("channel_ids").filter(|list| !list.trim().is_empty());
    let list = list.ok_or_else(|| refuse::required_param("channel_ids"))?;
    let user = crm.caller(call);
    let mut items: Vec<Item> = Vec::new();
    for text in list.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let keys = text
            .parse()
            .map_or_else(|_| Vec::new(), |number| crm.channels.remove(user, number));
        if keys.is_empty() {
            items.push(Err(Fault {
                details: json!({"channel_id": text}),
                ..not_subscribed(0)
            }));
        }
        items.extend(keys.iter().map(|key| {
            let mut details = crm.resource(key, call.base_url);
            if let Some(details) = details.as_object_mut() {
                details.remove("resource_name");
            }
            Ok(Success::new(GONE, details))
        }));
    }
    Ok(batch::answer(world.dialect, "watch", StatusCode::OK, items))
}

fn get_notification_details(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    crm.channels.expire(call.now.as_second());
    let number = match call.query("channel_id").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| refuse::pattern("channel_id"))?),
    };
    let module = match call.query("module").filter(|name| !name.is_empty()) {
        None => None,
        Some(name) => Some(crm.schema.find(name).ok_or_else(refuse::invalid_module)?),
    };
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let mut channels = crm
        .channels
        .of(crm.caller(call), number)
        .filter(|(key, _)| module.is_none_or(|module| key.2 == module))
        .skip((page - 1).saturating_mul(size));
    let watch: Vec<Value> = channels
        .by_ref()
        .take(size)
        .map(|(key, channel)| crm.shown(key, channel, call.base_url))
        .collect();
    if watch.is_empty() {
        return Ok(Answer::no_content());
    }
    let info = json!({
        "per_page": size, "count": watch.len(), "page": page, "more_records": channels.next().is_some(),
    });
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"watch": watch, "info": info}),
    ))
}

/// Does something with each channel of the body.
fn each(
    crm: &mut CrmWorld,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Value, &str, i64) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let watch = body::items(&mut body::object(call)?, "watch", MOST)?;
    let now = call.now.as_second();
    crm.channels.expire(now);
    let items = watch.iter().enumerate();
    Ok(items
        .map(|(at, value)| step(crm, value, &format!("$.watch[{at}]"), now))
        .collect())
}

fn not_subscribed(number: i64) -> Fault {
    Fault {
        code: "NOT_SUBSCRIBED",
        message: "Not subscribed for actions-watch of the given module",
        details: json!({"channel_id": number.to_string()}),
    }
}

impl CrmWorld {
    fn subscribe(&mut self, user: u64, request: Request, now: i64) -> Vec<ChannelKey> {
        let expiry = Channels::effective_expiry(request.expiry, now);
        let mut keys = Vec::new();
        for (module, events) in request.events {
            let key = (user, request.number, module);
            self.channels.put(
                key,
                Channel {
                    events,
                    expiry,
                    token: request.token.clone().flatten(),
                    notify_url: request.notify_url.clone().unwrap_or_default(),
                    values: request.values.unwrap_or(false),
                    related: request.related.unwrap_or(true),
                    around: request.related == Some(true),
                    condition: request.condition.clone().flatten(),
                },
            );
            keys.push(key);
        }
        keys
    }

    /// Changes all modules of a channel; a module that is new to it starts like those it has.
    fn amend(&mut self, user: u64, request: &Request, now: i64) -> Vec<ChannelKey> {
        let own: Vec<(ChannelKey, Channel)> = self
            .channels
            .of(user, Some(request.number))
            .map(|(key, channel)| (*key, channel.clone()))
            .collect();
        let Some((_, model)) = own.first().cloned() else {
            return Vec::new();
        };
        let modules: BTreeSet<_> = own
            .iter()
            .map(|(key, _)| key.2)
            .chain(request.events.keys().copied())
            .collect();
        let mut keys = Vec::new();
        for module in modules {
            let key = (user, request.number, module);
            let mut channel = self.channels.get(&key).cloned().unwrap_or_else(|| Channel {
                events: BTreeSet::new(),
                ..model.clone()
            });
            channel
                .events
                .extend(request.events.get(&module).into_iter().flatten());
            if request.expiry.is_some() {
                channel.expiry = Channels::effective_expiry(request.expiry, now);
            }
            channel.token = request.token.clone().unwrap_or(channel.token);
            channel.notify_url = request.notify_url.clone().unwrap_or(channel.notify_url);
            channel.values = request.values.unwrap_or(channel.values);
            channel.related = request.related.unwrap_or(channel.related);
            channel.around = request.related.unwrap_or(channel.around);
            channel.condition = request.condition.clone().unwrap_or(channel.condition);
            self.channels.put(key, channel);
            keys.push(key);
        }
        keys
    }

    /// What is said of channels that were made or changed: one event for each module. The address says
    /// version 2 whatever version was called.
    fn subscribed(&self, keys: &[ChannelKey], base_url: &str) -> Value {
        let events: Vec<Value> = keys
            .iter()
            .map(|key| {
                let mut event = self.resource(key, base_url);
                if let (Some(event), Some(channel)) = (event.as_object_mut(), self.channels.get(key)) {
                    event.insert("channel_expiry".into(), self.zone.text(channel.expiry).into());
                }
                event
            })
            .collect();
        json!({"events": events})
    }

    fn resource(&self, key: &ChannelKey, base_url: &str) -> Value {
        let module = self.schema.module(key.2);
        let name = module.map_or("", |module| module.api_name);
        json!({
            "resource_uri": format!("{base_url}/crm/v2/{name}"),
            "resource_id": module.map(|module| module.id.to_string()),
            "resource_name": name,
            "channel_id": key.1.to_string(),
        })
    }

    fn shown(&self, key: &ChannelKey, channel: &Channel, base_url: &str) -> Value {
        let mut shown = self.resource(key, base_url);
        let name = self.schema.module(key.2).map_or("", |module| module.api_name);
        let events: Vec<String> = channel
            .events
            .iter()
            .map(|event| format!("{name}.{}", event.name()))
            .collect();
        if let (Some(shown), Value::Object(rest)) = (
            shown.as_object_mut(),
            json!({
                "channel_expiry": self.zone.text(channel.expiry),
                "notify_url": channel.notify_url,
                "events": events,
                "token": channel.token,
                "fields": null,
                "notification_condition": channel.condition,
                "return_affected_field_values": channel.values,
                "notify_on_related_action": channel.related,
            }),
        ) {
            shown.extend(rest);
        }
        shown
    }
}
