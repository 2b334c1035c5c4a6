"""Upgrades, rolls back and mixes two versions of Waybill over one data directory; see e2e/upgrade/run."""

import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from life import ROUTES, Life
from partner import Sshd, Watch
from waybill import Api, Failure, Running, Stack, Store, Version, free_ports, until

WORKER, STATE = ("transfer-worker",), ("state-processor", "timeout-monitor")
# name, version of the stack, version of a second process, its services, description of the phase
PHASES = [
    ("1-old", "old", None, (), "the former version alone"),
    ("2-old-worker", "old", "new", WORKER, "a new worker beside it: workers first, the wrong order"),
    ("3-old-all", "old", "new", ("ingest-service", *STATE, *WORKER), "all new services beside it"),
    ("4-new", "new", None, (), "upgraded"),
    ("5-new-worker", "new", "old", WORKER, "an old worker beside it: state-processor first"),
    ("6-old", "old", None, (), "rolled back"),
    ("7-old-state", "old", "new", STATE, "a new state-processor and monitor beside it"),
    ("8-new", "new", None, (), "upgraded again"),
    ("9-new-all", "new", "old", ("ingest-service", *STATE, *WORKER), "all old services beside it: rolling back"),
    ("10-old", "old", None, (), "rolled back again"),
    ("11-new", "new", None, (), "upgraded for good; the partner that was down is there"),
]
CHECKS = ["caught", "moves", "ends", "bytes", "ledger", "letters", "ready", "topics", "healthy", "log"]
BUCKET = "inbox"
# The embedded broker says so of itself on a busy machine: it starts while its controller is being elected, or is slow.
BROKERS_OWN = re.compile(r" (ControllerApis|EventPerformanceMonitor|ReplicaManager): ")


class Scene:
    """The servers, ports and versions that all phases share."""

    def __init__(self, arguments):
        self.home = Path(arguments.work)
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.versions = {"old": Version("old", arguments.old), "new": Version("new", arguments.new)}
        self.java = arguments.java
        ports = free_ports(11)
        self.ports, self.extra_http = ports[:5], ports[5]
        held = Sshd(self.home / "held", ports[7], hold=True)
        self.servers = {
            "acme": Sshd(self.home / "acme", ports[6]),
            "slow": Sshd(self.home / "slow", ports[10], hold=True),
            "held": held,
            "doubt": held,
            "classc": Sshd(self.home / "classc", ports[8], hold=True, class_c=True),
            "down": Sshd(self.home / "down", ports[9]),
        }
        for name in ("acme", "slow", "held", "classc"):
            self.servers[name].start()
        self.watch = Watch([self.servers[name].files / route for route, (name, _) in ROUTES.items()])
        self.data, self.config = self.home / "data", self.home / "waybill.yaml"
        self.write_configuration()
        self.life = Life(Store(self.ports[1], BUCKET, "waybill", "waybill-secret"), Api(self.ports[4]),
                         self.servers, self.watch)

    def write_configuration(self):
        extra = {
            "slow": ["maxConnections: 1", "inFlight: 1", "maxBytesPerSecond: 7340032"],
            "doubt": ["onUnknownOutcome: resend", "evidenceWindow: 1s"],
            "down": ["connectTimeout: 2s"],
        }
        lines = ["worker:", "  id: stack", "destinations:"]
        for name, server in self.servers.items():
            lines += [f"  {name}:", "    host: 127.0.0.1", f"    port: {server.port}", f"    user: {user()}",
                      f"    privateKeyFile: {server.home}/user_key", f"    hostKeys: ['{server.host_key()}']",
                      f"    root: {server.files}", *[f"    {line}" for line in extra.get(name, [])]]
        lines.append("routes:")
        for route, (destination, conflict) in ROUTES.items():
            lines += [f"  {route}:", "    source:", f"      bucket: {BUCKET}", f"      prefix: {route}/", "    deliver:",
                      f"      destination: {destination}", "      path: /{key}", f"      onConflict: {conflict}"]
            if route == "import":
                lines += ["    import:", "      required: true"]
            if route == "late":
                lines += ["    timeouts:", "      unclaimed: 3s"]
        self.config.write_text("\n".join(lines) + "\n")

    def records(self, stack, *topics):
        """The committed records of topics, without prefix."""
        libraries = self.versions["new"].root / "launcher/target/app/lib"
        done = subprocess.run(
            [self.java, "-cp", f"{libraries}/*", Path(__file__).with_name("Records.java"),
             stack.endpoints["kafka"], stack.endpoints["registry"], *["waybill." + topic for topic in topics]],
            capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise Failure(f"the topics cannot be read: {done.stderr[-2000:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def stop(self):
        self.watch.stop()
        for server in set(self.servers.values()):
            server.stop()


def user():
    import getpass

    return getpass.getuser()


class Phase:
    def __init__(self, scene, name, stack, other, services, last):
        self.scene, self.name, self.last = scene, name, last
        self.version, self.other_version, self.services = scene.versions[stack], scene.versions.get(other), services
        self.faults, self.life = {}, scene.life
        self.extra, self.left, self.took = None, None, {}
        self.life.claims = stack == "new" and "state-processor" not in services

    def check(self, name, faults):
        self.faults.setdefault(name, []).extend(faults)
        for fault in faults:
            print(f"    FAULT {name}: {fault}", flush=True)

    def attempt(self, name, act, *arguments):
        """Runs a part of the phase. A failure is recorded as a fault, and the phase continues."""
        began = time.monotonic()
        try:
            result = act(*arguments)
            self.check(name, [])
            return result
        except (Failure, OSError, KeyError, TypeError, subprocess.SubprocessError) as failed:
            if not isinstance(failed, Failure):
                traceback.print_exc()
            self.check(name, [f"{type(failed).__name__}: {failed}"])
            return None
        finally:
            self.took[act.__name__] = time.monotonic() - began

    def run(self, left):
        scene = self.scene
        self.left = left  # for the next phase, if this one does not start
        self.stack = Stack(self.version, scene.home / f"{self.name}.log", scene.data, scene.config, scene.ports)
        try:
            if self.other_version:
                self.start_extra()
            self.attempt("caught", self.life.finish, left)
            self.attempt("moves", self.life.calm, self.name)
            if self.extra:
                self.attempt("moves", self.life.moving, self.name, self.move)
            if self.last:
                self.attempt("moves", self.open_up)
            self.verify()
            self.left = None if self.last else self.attempt("moves", self.life.caught, self.name, self.ledger)
        finally:
            for process in (self.extra, self.stack):
                if process:
                    process.kill()
            self.life.released()

    def start_extra(self):
        scene = self.scene
        code, out, err = self.other_version.cli("topics", "--config", self.stack.config)
        self.check("topics", [f"{self.other_version.name}: exit code {code}: {out}{err}"] if code else [])
        arguments = ["run", *self.services, "--config", self.stack.config]
        for key, value in {"worker.id": "extra", "streams.instanceId": "extra", "http.port": scene.extra_http,
                           "streams.stateDirectory": scene.home / "extra-streams"}.items():
            arguments += ["--set", f"{key}={value}"]
        self.extra = Running(self.other_version, scene.home / f"{self.name}-extra.log", arguments, "-Xmx512m")
        self.extra.await_line("Services started")

    def move(self):
        code = self.extra.stop()
        if code != 0:
            raise Failure(f"the second process ended with exit code {code}")
        self.extra.start()
        time.sleep(5)

    def open_up(self):
        """Starts the partner that was down: waiting files are delivered, and files that timed out are redriven."""
        self.scene.servers["down"].start()
        waiting = [one for one in self.life.sent if one.route == "down" and one.ends == ("COMPLETED",)]
        late = [one for one in self.life.sent if one.route == "late"]
        again = [one for one in self.life.sent if one.ends == ("CANCELLED",)][:3]
        for one in [*late, *again]:
            self.life.must(one, "redrive")
        for one in again:
            one.ends = ("COMPLETED",)
        self.life.completed(*waiting, *again, seconds=400)
        self.life.end(*late)

    def ledger(self):
        code, out, err = self.version.cli("ledger", "--json", "--config", self.stack.config)
        if code not in (0, 1) or not out:
            raise Failure(f"ledger: exit code {code}: {err}")
        return json.loads(out)

    def holds(self):
        faults = []
        for version in {self.version, self.other_version or self.version}:
            code, out, err = version.cli("ledger", "--json", "--config", self.stack.config)
            held = [f"partition {row['partition']}: {row['hold']}" for row in json.loads(out) if row["hold"]] if out else []
            faults += [f"ledger of {version.name}: {fault}" for fault in held or ([f"exit code {code}: {err}"] if code else [])]
        return faults

    def topics(self):
        code, out, err = self.version.cli("topics", "--config", self.stack.config)
        return [f"{self.version.name}: exit code {code}: {out}{err}"] if code else []

    def read_topics(self):
        return self.scene.records(self.stack, "dead-letters", "ready-files", "delivery-index", "controls")

    def healthy(self):
        faults = []
        for process in (self.stack, self.extra):
            if process and not process.alive():
                faults.append(f"{process.log.name} ended with exit code {process.process.returncode}")
        for path in ("/healthz", "/readyz"):
            status, text = Api(self.scene.ports[4]).call("GET", path)
            if status != 200:
                faults.append(f"{path}: {status} {text}")
        return faults

    def verify(self):
        life = self.life
        with ThreadPoolExecutor() as threads:  # each takes mostly the start of a JVM
            slow = {name: threads.submit(self.attempt, name, look) for name, look in [
                ("ledger", self.holds), ("topics", self.topics), ("letters", self.read_topics)]}
        for name, look in [("ends", lambda: life.wrong_ends(self.last)), ("bytes", life.wrong_files),
                           ("healthy", self.healthy)]:
            self.check(name, self.attempt(name, look) or [])
        for name in ("ledger", "topics"):
            self.check(name, slow[name].result() or [])
        records = slow["letters"].result() or []
        by_topic = {}
        for record in records:
            by_topic.setdefault(record["topic"].removeprefix("waybill."), []).append(record)
        self.check("letters", life.wrong_letters(by_topic.get("dead-letters", [])))
        self.check("ready", life.wrong_ready(by_topic.get("ready-files", [])))
        for process in (self.stack, self.extra):
            if process:
                self.check("log", [f"{process.log.name}: {line[:600]}" for line in process.lines("ERROR")
                                   if not BROKERS_OWN.search(line)])
                warnings = collections.Counter(line.split('"')[0][13:].rsplit(" ", 1)[0] for line in process.lines("WARN"))
                life.notes += [f"{process.log.name}: {count} x {line[:160]}" for line, count in warnings.items()]
        life.notes.append("records: " + ", ".join(f"{topic} {len(them)}" for topic, them in sorted(by_topic.items())))
        life.notes.append(f"left in staging directories: {leftovers(self.scene)}")


def leftovers(scene):
    return [str(path.relative_to(scene.home)) for server in set(scene.servers.values())
            for path in server.files.rglob("*") if ".waybill" in path.parts and path.is_file()]


def table(rows):
    head = ["phase", *CHECKS]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [head, *rows])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", required=True)
    parser.add_argument("--new", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--java", required=True)
    parser.add_argument("--phases", default="")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that started processes end, as after Ctrl-C
    chosen = [phase for phase in PHASES if not arguments.phases or phase[0].split("-")[0] in arguments.phases.split(",")]
    scene, rows, failed, left = Scene(arguments), [], 0, None
    try:
        for number, (name, stack, other, services, what) in enumerate(chosen):
            started = time.monotonic()
            print(f"\n{name}: {what}", flush=True)
            phase = Phase(scene, name, stack, other, services, number == len(chosen) - 1)
            phase.attempt("healthy", phase.run, left)
            left = phase.left
            failed += sum(map(len, phase.faults.values()))
            rows.append([name, *[str(len(phase.faults[check])) if phase.faults.get(check) else
                                 "ok" if check in phase.faults else "-" for check in CHECKS]])
            for note in scene.life.notes:
                print(f"    {note}")
            scene.life.notes.clear()
            parts = ", ".join(f"{part.strip('<>')} {seconds:.0f}" for part, seconds in phase.took.items() if seconds >= 1)
            print(f"    {time.monotonic() - started:.0f} s: {parts}", flush=True)
    finally:
        scene.stop()
    print(f"\n{table(rows)}\n\nupgrade: {len(chosen)} phases, {len(scene.life.sent)} files, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
