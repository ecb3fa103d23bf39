"""Drives a mock with Zoho's own Python SDK, unmodified. Arguments: the mock's ready line, a folder to write in."""

import datetime
import json
import os
import sys

from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap, SDKConfig
from zohocrmsdk.src.com.zoho.crm.api import attachments, coql, fields, modules, notifications, record
from zohocrmsdk.src.com.zoho.crm.api.dc.data_center import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.record import Field
from zohocrmsdk.src.com.zoho.crm.api.util import Choice, StreamWrapper

MARKUP = b"a name,a town\nZo\xc3\xab,Z\xc3\xbcrich\n"


def initialize(ready, folder):
    base = ready["base_url"]
    environment = DataCenter.Environment(base, base + "/oauth/v2/token", base)
    token = OAuthToken(
        client_id=ready["client_id"],
        client_secret=ready["client_secret"],
        refresh_token=ready["refresh_token"],
    )
    Initializer.initialize(
        environment,
        token,
        store=FileStore(os.path.join(folder, "tokens.txt")),
        sdk_config=SDKConfig(auto_refresh_fields=False, pick_list_validation=True, connect_timeout=30, read_timeout=60),
        resource_path=folder,
        logger=Logger.get_instance(Logger.Levels.INFO, os.path.join(folder, "sdk.log")),
    )
    assert token.get_user_signature().get_name(), "the SDK asks who the user is"


def body(answer, kind, status):
    """The SDK's object of an answer, which must be of the kind and status that are expected."""
    assert answer is not None, "the SDK could not read the answer; see sdk.log"
    answered = answer.get_object()
    if not isinstance(answered, kind) or answer.get_status_code() != status:
        shown = vars(answered) if hasattr(answered, "__dict__") else answered
        raise AssertionError("%s: %s %s" % (answer.get_status_code(), type(answered), shown))
    return answered


def done(answer, status, package=record):
    """The details of a write's outcomes, all of which must be successes."""
    outcomes = body(answer, package.ActionWrapper, status).get_data()
    for outcome in outcomes:
        if not isinstance(outcome, package.SuccessResponse):
            raise AssertionError(vars(outcome))
        assert outcome.get_code().get_value() == "SUCCESS"
    return [outcome.get_details() for outcome in outcomes]


def lead(**values):
    made = record.Record()
    for name, value in values.items():
        made.add_key_value(name, value)
    return made


def wrapped(*records):
    wrapper = record.BodyWrapper()
    wrapper.set_data(list(records))
    return wrapper


def metadata():
    listed = body(modules.ModulesOperations().get_modules(), modules.ResponseWrapper, 200).get_modules()
    names = {module.get_api_name() for module in listed}
    assert {"Leads", "Contacts", "Accounts", "Deals"} <= names, names
    one = body(modules.ModulesOperations().get_module_by_api_name("Leads"), modules.ResponseWrapper, 200).get_modules()[0]
    assert one.get_api_name() == "Leads" and one.get_id()

    of_leads = ParameterMap()
    of_leads.add(fields.GetFieldsParam.module, "Leads")
    listed = body(fields.FieldsOperations().get_fields(of_leads), fields.ResponseWrapper, 200).get_fields()
    by_name = {field.get_api_name(): field for field in listed}
    assert by_name["Last_Name"].get_system_mandatory() is True
    assert by_name["Email"].get_data_type() == "email"
    assert [value.get_actual_value() for value in by_name["Lead_Status"].get_pick_list_values()]


def records():
    leads = record.RecordOperations("Leads")
    created = done(
        leads.create_records(
            wrapped(
                lead(
                    Last_Name="Ngo",
                    Company="Acme",
                    Email="ngo@acme.example",
                    Lead_Source=Choice("Cold Call"),
                    Annual_Revenue=float(1250000.5),
                    No_of_Employees=12,
                    Email_Opt_Out=True,
                ),
                lead(Last_Name="O'Hara", Company="Zylker"),
            )
        ),
        201,
    )
    first, second = [int(details["id"]) for details in created]
    assert first > 2**53

    got = body(leads.get_record(first), record.ResponseWrapper, 200).get_data()[0]
    assert got.get_id() == first
    assert got.get_key_value("Last_Name") == "Ngo"
    assert got.get_key_value("Lead_Source").get_value() == "Cold Call"
    assert got.get_key_value("Annual_Revenue") == 1250000.5
    assert got.get_key_value("No_of_Employees") == 12
    assert got.get_key_value("Email_Opt_Out") is True
    assert got.get_created_time().tzinfo is not None
    assert got.get_key_value("Owner").get_id() == got.get_created_by().get_id()

    wanted = ParameterMap()
    wanted.add(record.GetRecordsParam.fields, "Last_Name,Company")
    wanted.add(record.GetRecordsParam.per_page, 1)
    page = body(leads.get_records(wanted), record.ResponseWrapper, 200)
    assert len(page.get_data()) == 1 and page.get_info().get_more_records() is True
    since = HeaderMap()
    since.add(
        record.GetRecordsHeader.if_modified_since,
        datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc),
    )
    assert leads.get_records(wanted, since).get_status_code() == 304

    done(leads.update_record(first, wrapped(lead(Last_Name="Nguyen"))), 200)
    other = lead(Company="Zylker Ltd")
    other.set_id(second)
    done(leads.update_records(wrapped(other)), 200)
    upsert = wrapped(lead(Last_Name="Nguyen", Company="Acme Corp", Email="ngo@acme.example"))
    upsert.set_duplicate_check_fields(["Email"])
    assert done(leads.upsert_records(upsert), 200)[0]["id"] == str(first)
    got = body(leads.get_record(first), record.ResponseWrapper, 200).get_data()[0]
    assert got.get_key_value("Company") == "Acme Corp"

    refused = body(leads.create_records(wrapped(lead(Company="Nobody"))), record.ActionWrapper, 400)
    assert refused.get_data()[0].get_code().get_value() == "MANDATORY_NOT_FOUND"
    assert leads.get_record(first + 77).get_status_code() == 204
    return first, second


def query(first):
    wrapper = coql.BodyWrapper()
    wrapper.set_select_query("select Last_Name, Company from Leads where Last_Name = 'Nguyen' limit 5")
    answered = body(coql.CoqlOperations().get_records(wrapper), coql.ResponseWrapper, 200)
    assert [row.get_id() for row in answered.get_data()] == [first]
    assert answered.get_info().get_more_records() is False
    wrapper.set_select_query("select Nonsense from Leads where id is not null")
    body(coql.CoqlOperations().get_records(wrapper), coql.APIException, 400)


def files(parent, folder):
    operations = attachments.AttachmentsOperations()
    path = os.path.join(folder, "names.csv")
    with open(path, "wb") as file:
        file.write(MARKUP)
    upload = attachments.FileBodyWrapper()
    upload.set_file(StreamWrapper(file_path=path))
    uploaded = done(operations.upload_attachments(parent, "Leads", upload), 200, attachments)[0]["id"]

    wanted = ParameterMap()
    wanted.add(attachments.GetAttachmentsParam.fields, "id,File_Name,Size")
    listed = body(operations.get_attachments(parent, "Leads", wanted), attachments.ResponseWrapper, 200).get_data()
    assert [(each.get_id(), each.get_file_name()) for each in listed] == [(uploaded, "names.csv")]

    answered = body(operations.get_attachment(uploaded, parent, "Leads"), attachments.FileBodyWrapper, 200).get_file()
    assert b"".join(answered.get_stream()) == MARKUP
    done(operations.delete_attachment(uploaded, parent, "Leads"), 200, attachments)


def channels():
    operations = notifications.NotificationsOperations()
    channel = "1000000068001"
    wanted = notifications.Notification()
    wanted.set_channel_id(channel)
    wanted.set_events(["Leads.create", "Leads.edit"])
    wanted.set_token("TOKEN_FOR_VERIFICATION")
    wanted.set_notify_url("http://127.0.0.1:9/hook")
    wrapper = notifications.BodyWrapper()
    wrapper.set_watch([wanted])
    enabled = body(operations.enable_notifications(wrapper), notifications.ActionWrapper, 201).get_watch()
    assert isinstance(enabled[0], notifications.SuccessResponse), vars(enabled[0])
    assert [event.get_resource_name() for event in enabled[0].get_details()["events"]] == ["Leads"]

    only = ParameterMap()
    only.add(notifications.GetNotificationsParam.channel_id, int(channel))
    listed = body(operations.get_notifications(only), notifications.ResponseWrapper, 200).get_watch()
    assert {each.get_channel_id() for each in listed} == {channel}
    assert all(each.get_channel_expiry().tzinfo for each in listed)

    ended = ParameterMap()
    ended.add(notifications.DeleteNotificationParam.channel_ids, channel)
    gone = body(operations.delete_notification(ended), notifications.ActionWrapper, 200).get_watch()
    assert isinstance(gone[0], notifications.SuccessResponse), vars(gone[0])
    assert operations.get_notifications(only).get_status_code() == 204


def farewell(*ids):
    leads = record.RecordOperations("Leads")
    done(leads.delete_record(ids[0]), 200)
    rest = ParameterMap()
    for each in ids[1:]:
        rest.add(record.DeleteRecordsParam.ids, str(each))
    done(leads.delete_records(rest), 200)
    deleted = ParameterMap()
    deleted.add(record.GetDeletedRecordsParam.type, "all")
    gone = body(leads.get_deleted_records(deleted), record.DeletedRecordsWrapper, 200).get_data()
    assert {each.get_id() for each in gone} == set(ids)


def main():
    ready, folder = json.loads(sys.argv[1]), sys.argv[2]
    initialize(ready, folder)
    step("metadata", metadata)
    first, second = step("records", records)
    step("coql", query, first)
    step("attachments", files, first, folder)
    step("notifications", channels)
    step("deletes", farewell, first, second)


def step(name, work, *arguments):
    outcome = work(*arguments)
    print(name, flush=True)
    return outcome


if __name__ == "__main__":
    main()
