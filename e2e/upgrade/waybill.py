"""Processes of one version of Waybill, its command line and HTTP API, and the S3 store of the embedded stack."""

import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path


class Failure(Exception):
    """A check failed."""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def until(what, seconds, look, every=0.2):
    """Calls `look` until its answer is true, and returns the answer."""
    end = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(every)


class Version:
    """An installation: a directory with ./waybill in it, already built."""

    def __init__(self, name, root):
        self.name, self.root = name, Path(root)

    def command(self, *arguments):
        return [str(self.root / "waybill"), *map(str, arguments)]

    def cli(self, *arguments):
        """Runs a command; returns exit code, standard output and standard error."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=180,
                              env=environment("-Xmx256m"))
        return done.returncode, done.stdout, done.stderr


def environment(java_options):
    return {**os.environ, "WAYBILL_LOG": "text", "WAYBILL_JAVA_OPTS": java_options}


class Running:
    """A process of a version, with its log in a file."""

    def __init__(self, version, log, arguments, java_options, stdout=subprocess.DEVNULL):
        self.version, self.log, self.arguments = version, Path(log), arguments
        self.java_options, self.stdout = java_options, stdout
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.version.command(*self.arguments), stdout=self.stdout, stderr=log,
                                            stdin=subprocess.DEVNULL, text=True, env=environment(self.java_options))

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Sends SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def lines(self, level):
        """The log lines of a level."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return re.findall(rf"^[0-9:.]+ {level} .*$", text, re.MULTILINE)

    def await_line(self, text, seconds=120):
        def look():
            if not self.alive():
                raise Failure(f"{self.version.name} ended with exit code {self.process.returncode}: {self.log}")
            return text in self.log.read_text(encoding="utf-8", errors="replace")

        until(f"'{text}' in {self.log}", seconds, look)


class Stack(Running):
    """The embedded stack of a version over a data directory. The constructor returns when the stack is ready."""

    def __init__(self, version, log, data, config, ports, set_options=()):
        names = ("--kafka-port", "--s3-port", "--sftp-port", "--registry-port", "--http-port")
        arguments = ["up", "--json", "--data", data, "--config", config, *set_options]
        for name, port in zip(names, ports):
            arguments += [name, port]
        super().__init__(version, log, arguments, "-Xmx1g", subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"'up' of {version.name} ended with exit code {self.process.wait()}: {log}")
        self.endpoints = json.loads(line)
        self.config = self.endpoints["config"]


class Api:
    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, text
        finally:
            connection.close()

    def files(self):
        """All files; None while an instance is starting or its partitions move."""
        files, cursor = [], ""
        while True:
            try:
                status, text = self.call("GET", f"/v1/files?limit=1000{cursor}")
            except (OSError, http.client.HTTPException):
                return None
            if status != 200:
                return None
            page = json.loads(text)
            files += page["files"]
            if not page["cursor"]:
                return files
            cursor = f"&cursor={page['cursor']}"

    def ask(self, id, request, body):
        """Sends a request until the table can answer it."""
        def look():
            try:
                status, text = self.call("POST", f"/v1/files/{id}/{request}", body)
            except (OSError, http.client.HTTPException):
                return None
            return None if status == 503 else (status, text)

        return until(f"an answer to {request} of {id}", 90, look, 0.5)


class Store:
    """Puts objects into the embedded store, signed as S3 requires."""

    def __init__(self, port, bucket, access, secret):
        self.port, self.bucket, self.access, self.secret = port, bucket, access, secret

    def put(self, key, content):
        """Puts an object; returns its ETag."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        day, host, path = now[:8], f"127.0.0.1:{self.port}", f"/{self.bucket}/{key}"
        digest = hashlib.sha256(content).hexdigest()
        headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": now}
        names = ";".join(sorted(headers))
        canonical = "\n".join(["PUT", path, "", *[f"{k}:{headers[k]}" for k in sorted(headers)], "", names, digest])
        scope = f"{day}/us-east-1/s3/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signing_key = ("AWS4" + self.secret).encode()
        for part in (day, "us-east-1", "s3", "aws4_request"):
            signing_key = hmac.new(signing_key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(signing_key, to_sign.encode(), hashlib.sha256).hexdigest()
        headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.access}/{scope}, SignedHeaders={names}, "
                                    f"Signature={signature}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("PUT", path, content, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status != 200:
                raise Failure(f"PUT {key}: {answer.status} {text}")
            return answer.headers["ETag"].strip('"')
        finally:
            connection.close()
