#!/usr/bin/env python3
"""An importer that counts the lines of every file of one route. To make it yours, replace import_file().

It needs the packages confluent-kafka, avro and boto3 (Debian: python3-confluent-kafka, python3-avro, python3-boto3). Start
it, as often as you like, by count_lines.py KAFKA REGISTRY API ROUTE NAME DIRECTORY: the addresses of the broker, the schema
registry and the state-processor, the route, a name of its own, and the directory that files are delivered to. A route
without a delivery leaves its files in S3. The importer then reads them there, by AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
and, for a store other than AWS, AWS_ENDPOINT_URL. If the API has a login, WAYBILL_TOKEN holds the token.
"""

import http.client
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime

import avro.io
import avro.schema
import boto3
from confluent_kafka import Consumer

LOOK_AROUND = 5  # seconds


class NotUsable(Exception):
    """Trying again would not help."""


class CountLines:
    def __init__(self, kafka, registry, api, route, name, directory):
        self.kafka = kafka
        self.registry = registry
        self.api = api
        self.route = route
        self.name = name
        self.directory = directory
        self.readers = {}
        self.token = os.environ.get("WAYBILL_TOKEN")

    def run(self):
        consumer = Consumer({
            "bootstrap.servers": self.kafka,
            "group.id": "count-lines-" + self.route,
            "isolation.level": "read_committed",  # what is not committed did not happen
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "max.poll.interval.ms": 3600000,  # longer than the longest import
        })
        consumer.subscribe(["waybill.ready-files"])
        self.take_back()
        look = 0
        while True:
            record = consumer.poll(1)
            if record is not None and not record.error():
                ready = self.decoded(record.value())
                if ready["route"] == self.route:
                    # The same again when the record comes again, so that a crashed importer gets its file back.
                    self.take(ready["fileId"], f"{record.partition()}@{record.offset()}")
                # A crash before this line makes the record come again; the claim then says whose the file is.
                consumer.commit(message=record, asynchronous=False)
            if time.monotonic() > look:
                self.take_what_is_left()
                look = time.monotonic() + LOOK_AROUND

    def take_back(self):
        """What an earlier run under this name had claimed when it died: nobody else gets these files."""
        for file in self.listed("STARTED"):
            if file["stage"] == "IMPORT" and self.is_me(file.get("by")) and "claimId" in file:
                self.take(file["id"], file["claimId"])

    def take_what_is_left(self):
        """A file is announced once, ever: one whose import is tried again or redriven is found by asking."""
        for file in self.listed("PENDING"):
            if file["stage"] == "IMPORT" and "due" not in file:
                self.take(file["id"], str(uuid.uuid4()))

    def is_me(self, by):
        """With a login, the name of the token stands before the name of this importer."""
        return by is not None and (by == self.name or by.endswith("/" + self.name))

    def listed(self, status):
        cursor = ""
        while cursor is not None:
            answer, page = self.asked(f"{self.api}/v1/files?status={status}&limit=1000&route={self.route}{cursor}")
            yield from page.get("files", []) if answer == 200 else []
            cursor = f"&cursor={page['cursor']}" if page.get("cursor") else None

    def take(self, file_id, claim_id):
        """Claims a file, and imports it if the claim wins; one that is repeated under its claimId wins again."""
        status, file = self.say(file_id, {"action": "claim", "claimId": claim_id})
        if status == 202:
            # Not decided in time. Should the claim win after all, the file's state says so.
            status, file = self.asked(f"{self.api}/v1/files/{file_id}")
        if status != 200 or not self.is_me(file.get("by")) or file.get("claimId") != claim_id:
            return  # another has it, or it has ended
        # A report names the claim it belongs to, so that one that comes late speaks of nobody else's.
        claim = {"sending": file["sending"], "attempt": file["attempt"]}
        done = self.heartbeats(file_id, file, claim)
        try:
            print(file["key"], self.import_file(file), flush=True)
            report = {"action": "completed"}
        except NotUsable as e:
            report = {"action": "failed", "kind": "IMPORT_REJECTED", "detail": str(e)}
        except Exception as e:  # whatever it is: a claim without a report keeps the file from all others
            report = {"action": "failed", "kind": "IMPORT_FAILED", "detail": repr(e)}
        finally:
            done.set()
        self.say(file_id, {**report, **claim})

    def import_file(self, file):
        """May be asked again for a file that it had imported: a crash may hide the end."""
        with self.opened(file) as lines:
            count = sum(1 for _ in lines)
        if count == 0:
            raise NotUsable("there is not one line in " + file["key"])
        return count

    def opened(self, file):
        """The bytes: of the delivered file, or on a route without a delivery of the object."""
        if "receipt" in file:
            return open(os.path.join(self.directory, file["receipt"]["path"][1:]), "rb")
        version = {"VersionId": file["versionId"]} if "versionId" in file else {}
        # With the ETag, so that nobody takes a newer object of the same key for this one.
        answer = s3().get_object(Bucket=file["bucket"], Key=file["key"], IfMatch=f'"{file["etag"]}"', **version)
        copy = tempfile.TemporaryFile()
        shutil.copyfileobj(answer["Body"], copy)
        copy.seek(0)
        return copy

    def heartbeats(self, file_id, file, claim):
        """Lets the file's state know that work goes on, until the event is set; every third of the time allowed."""
        done = threading.Event()
        if "heartbeatBy" in file:  # the route asks for them
            period = (instant(file["heartbeatBy"]) - instant(file["changedAt"])).total_seconds() / 3

            def beat():
                while not done.wait(period):
                    self.say(file_id, {"action": "heartbeat", **claim})

            threading.Thread(target=beat, daemon=True).start()
        return done

    def say(self, file_id, what):
        return self.asked(f"{self.api}/v1/files/{file_id}/import", json.dumps({**what, "by": self.name}).encode())

    def asked(self, address, body=None):
        """An importer that ended because the API was away would keep the file that it has from all others."""
        while True:
            try:
                status, answer = self.http(address, body)
                if status != 503:  # the table moves between instances
                    return status, answer
            except (OSError, http.client.HTTPException, ValueError) as e:
                print("an answer was lost, so it is asked for again:", e, file=sys.stderr)
            time.sleep(1)

    def http(self, address, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token and address.startswith(self.api):  # and to nobody else
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(address, body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read() or b"{}")

    def decoded(self, value):
        """Confluent's format: a zero, the schema's id in four bytes, and Avro."""
        schema_id = int.from_bytes(value[1:5], "big")
        if schema_id not in self.readers:
            _, answer = self.http(f"{self.registry}/schemas/ids/{schema_id}")
            self.readers[schema_id] = avro.io.DatumReader(avro.schema.parse(answer["schema"]))
        return self.readers[schema_id].read(avro.io.BinaryDecoder(io.BytesIO(value[5:])))


def s3():
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name=os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
        config=boto3.session.Config(s3={"addressing_style": "path" if endpoint else "auto"}))


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    CountLines(*sys.argv[1:]).run()
