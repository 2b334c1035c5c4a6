"""The lives of the files in a phase, and the checks of how they ended."""

import collections
import hashlib
import json
import os
import random
import time

from waybill import Failure, until

MIB = 1 << 20
LIMIT = 150  # seconds; a killed worker's partitions move after 45 s, and a destination's breaker stays open for up to 80 s

# directory below the partner's root -> how its route delivers
ROUTES = {
    "plain": ("acme", "replace"),
    "keep": ("acme", "keep-both"),
    "refuse": ("acme", "refuse"),
    "import": ("acme", "replace"),
    "slow": ("slow", "replace"),
    "held": ("held", "replace"),
    "heldkeep": ("held", "keep-both"),
    "pair": ("classc", "replace"),
    "doubt": ("doubt", "replace"),
    "down": ("down", "replace"),
    "late": ("down", "replace"),
}


class Sent:
    """One version of an object, and the ends that it may have."""

    def __init__(self, key, etag, sha256, ends):
        self.key, self.etag, self.sha256, self.ends = key, etag, sha256, ends
        self.route = key.split("/")[0]
        self.deliveries = 1  # at most

    def __str__(self):
        return f"{self.key} ({self.etag[:6]})"


class Life:
    def __init__(self, store, api, servers, watch):
        self.store, self.api, self.servers, self.watch = store, api, servers, watch
        self.sent = []
        self.random = random.Random(11)
        self.obstacles = collections.Counter()
        self.letters = set()  # (key, etag, failure or deadline) of the dead letters that may exist
        self.notes = []
        self.claims = False  # whether every state-processor knows `claimId`

    # -- sending files and reading states

    def put(self, key, size, *ends):
        content = os.urandom(size)
        etag = self.store.put(key, content)
        one = Sent(key, etag, hashlib.sha256(content).hexdigest(), ends or ("COMPLETED",))
        self.sent.append(one)
        return one

    def states(self):
        files = self.api.files()
        return None if files is None else {(file["key"], file["etag"]): file for file in files}

    def state(self, one):
        return until("the API answers", LIMIT, self.states).get((one.key, one.etag))

    def reach(self, files, wanted, seconds=LIMIT):
        """Returns when the predicate `wanted` is true for the state of each file."""
        missing = []

        def look():
            states = self.states()
            if states is None:
                return False
            missing[:] = [one for one in files
                          if (one.key, one.etag) not in states or not wanted(states[one.key, one.etag])]
            return not missing

        def told():
            states = self.states() or {}
            return "; ".join(f"{one}: {brief(states.get((one.key, one.etag)))}" for one in missing)

        until(told, seconds, look, 0.3)

    def end(self, *files, seconds=LIMIT):
        self.reach(files, lambda state: state["status"] in ("COMPLETED", "FAILED", "TIMED_OUT"), seconds)

    def completed(self, *files, seconds=LIMIT):
        self.reach(files, lambda state: state["status"] == "COMPLETED", seconds)

    def must(self, one, request, **body):
        """Sends a request about a file. The API must accept it."""
        if request != "import":
            body = {"by": "test", "reason": "upgrade", **body}
        status, text = self.api.ask(self.state(one)["id"], request, body)
        if status not in (200, 202):
            raise Failure(f"{request} of {one}: {status} {text}")

    def letter(self, one, reason):
        self.letters.add((one.key, one.etag, reason))

    def path(self, one):
        return self.servers[ROUTES[one.route][0]].files / one.key

    # -- lives

    def calm(self, phase):
        """Lives of every kind, each to its end."""
        plain = [self.put(f"plain/{phase}-{i}.bin", self.random.randint(1, 50_000)) for i in range(20)]
        older = self.put("pair/x.bin", 3000, "COMPLETED", "SUPERSEDED")
        self.letter(older, "SUPERSEDED")
        kept = self.put("keep/same.bin", 2000)
        obstacle = self.servers["acme"].files / "refuse" / f"{phase}.bin"
        obstacle.write_bytes(b"of the partner")
        self.obstacles[str(obstacle)] += 1
        refused = self.put(f"refuse/{phase}.bin", 500)
        self.letter(refused, "NAME_CONFLICT")
        imported = self.put(f"import/{phase}.bin", 700)
        down = self.put(f"down/{phase}.bin", 900, "COMPLETED")
        cancelled = self.put(f"down/{phase}-cancel.bin", 900, "CANCELLED")
        self.letter(cancelled, "CANCELLED")
        late = self.put(f"late/{phase}.bin", 900, "TIMED_OUT", "COMPLETED")
        self.letter(late, "UNCLAIMED")
        self.reach([older], lambda state: True)  # else the older version may be gone before ingest hears of it
        time.sleep(1.2)  # the store gives whole seconds, and a version is newer only if its second is later
        newer = self.put("pair/x.bin", 3100, "COMPLETED", "SUPERSEDED")
        self.letter(newer, "SUPERSEDED")  # when the version at the end of the phase replaces it

        self.completed(*plain, kept, newer)
        self.reach([refused], lambda state: state["status"] == "FAILED")
        obstacle.unlink()
        self.must(refused, "redrive")
        self.completed(refused)
        self.imported(imported, phase)
        self.reach([down, cancelled], lambda state: state["status"] == "PENDING" and "failure" in state)
        self.must(cancelled, "cancel")
        self.end(cancelled)
        self.end(late)
        self.cancel_running(phase)

    def claim(self, id):
        """The `claimId` field. The former version refuses it, as it refuses every field that it does not know."""
        return {"claimId": id} if self.claims else {}

    def imported(self, one, phase):
        self.reach([one], lambda state: state["stage"] == "IMPORT")
        self.must(one, "import", action="claim", by=f"importer-{phase}", **self.claim("1@1"))
        self.must(one, "import", action="completed", by=f"importer-{phase}")
        self.completed(one)

    def cancel_running(self, phase):
        """Cancels a file that is sent so slowly that the cancellation arrives during the upload."""
        one = self.put(f"slow/{phase}-cancel.bin", 40 * MIB, "CANCELLED", "COMPLETED")
        self.letter(one, "CANCELLED")
        self.reach([one], lambda state: state["status"] == "STARTED")
        self.must(one, "cancel")
        self.end(one)
        # A version that does not stop the upload completes the file late.
        began = time.monotonic()
        while time.monotonic() < began + 7 and self.state(one)["status"] != "COMPLETED":
            time.sleep(0.5)
        self.notes.append(f"cancel while sending: {brief(self.state(one))}")

    def moving(self, phase, act):
        """Sends files while partitions move from one version to the other and back."""
        files = [self.put(f"plain/{phase}-moving-{i}.bin", self.random.randint(1, 50_000)) for i in range(60)]
        act()
        files += [self.put(f"plain/{phase}-moved-{i}.bin", self.random.randint(1, 50_000)) for i in range(60)]
        self.completed(*files)

    def caught(self, phase, ledger):
        """Starts files that are at work when everything is killed. Returns the files that the next phase must finish."""
        claimed = self.put(f"import/{phase}-claimed.bin", 700)
        self.reach([claimed], lambda state: state["stage"] == "IMPORT")
        self.must(claimed, "import", action="claim", by="importer", **self.claim("1@2"))
        self.reach([claimed], lambda state: state["status"] == "STARTED")

        doubtful = self.put(f"doubt/{phase}.bin", 800, "COMPLETED", "IN_DOUBT")
        doubtful.deliveries = 2  # `onUnknownOutcome: resend`
        self.letter(doubtful, "IN_DOUBT")
        for mode in ("before", "after"):
            obstacle = self.servers["held"].files / "heldkeep" / f"{phase}-{mode}.bin"
            obstacle.write_bytes(b"of the partner")
            self.obstacles[str(obstacle)] += 1
        self.servers["held"].hold([
            f"before 1 rename /held/{phase}-before.bin$",
            f"after 1 rename /held/{phase}-after.bin$",
            rf"before 1 rename /heldkeep/{phase}-before\..+\.bin$",  # keep-both chose another name, with the file's id in it
            rf"after 1 rename /heldkeep/{phase}-after\..+\.bin$",
            f"after 1 rename /doubt/{phase}.bin$",
        ])
        before = self.put(f"held/{phase}-before.bin", 800)
        after = self.put(f"held/{phase}-after.bin", 800)
        kept = [self.put(f"heldkeep/{phase}-{mode}.bin", 800) for mode in ("before", "after")]
        # Replacing in two steps: y is Completed and its older file is not removed yet; x is between its two steps.
        self.servers["classc"].hold([r"before 1 remove \.aside$", "before 2 rename /pair/x.bin$"])
        self.completed(self.put("pair/y.bin", 3300))
        pair = self.put("pair/x.bin", 3200, "COMPLETED", "SUPERSEDED")
        self.letter(pair, "SUPERSEDED")
        until(lambda: f"held: {self.servers['held'].holds()} {self.servers['classc'].holds()}", LIMIT,
              lambda: len(self.servers["held"].holds()) >= 5
              and any(" rename " in line for line in self.servers["classc"].holds()))
        self.notes.append(f"an older file was left aside: {len(self.servers['classc'].holds()) > 1}")
        self.watch.settle(self.servers["doubt"].files / "doubt")
        self.path(doubtful).unlink()  # the partner takes it, and no evidence is left

        # Half of the file is on the server's disk. The rest does not arrive.
        self.servers["slow"].hold(["before 1 write ^80$"])
        big = self.put(f"slow/{phase}-big.bin", 120 * MIB)
        queued = [self.put(f"slow/{phase}-queued-{i}.bin", 4000) for i in range(3)]

        missing = set()

        def marks():
            items = [item for partition in ledger() for item in partition["items"]]
            found = {(item["mark"], item["path"].lstrip("/")) for item in items}
            wanted = {("STAGING", big.key), *(("PREPARED", one.key) for one in (before, after, pair, doubtful, *kept))}
            missing.clear()
            missing.update(wanted - found)
            return not missing

        until(lambda: f"marks in the ledger: {sorted(missing)}", 60, marks)
        return {"claimed": claimed, "doubtful": doubtful, "others": [big, *queued, before, after, *kept, pair]}

    def released(self):
        for server in self.servers.values():
            server.hold([])

    def finish(self, left):
        """Finishes the files of the phase before."""
        if not left:
            return
        self.completed(*left["others"])
        self.must(left["claimed"], "import", action="completed", by="importer")
        self.completed(left["claimed"])
        doubtful = left["doubtful"]
        self.end(doubtful)
        self.notes.append(f"doubt, to be resent: {brief(self.state(doubtful))}")
        if self.state(doubtful)["status"] == "FAILED":
            self.must(doubtful, "resolve", resolution="resend")
            self.completed(doubtful)

    # -- checks

    def wrong_ends(self, last):
        states = self.states()
        if states is None:
            raise Failure("the API does not answer")
        wrong = []
        for one in self.sent:
            state = states.get((one.key, one.etag))
            end = state and (state.get("failure") if state["status"] == "FAILED" else state["status"])
            open_still = one.route == "down" and not last and end == "PENDING"
            if end not in one.ends and not open_still:
                wrong.append(f"{one}: {brief(state)}, expected {' or '.join(one.ends)}")
        extra = set(states) - {(one.key, one.etag) for one in self.sent}
        return wrong + [f"nobody sent {key}" for key in extra]

    def wrong_files(self):
        """Checks the bytes, and how often each final name appeared."""
        for server in self.servers.values():
            for directory in server.files.iterdir():
                if directory.name in ROUTES:
                    self.watch.settle(directory)
                    break
        states, wrong = self.states(), []
        expected, last = collections.Counter(), {}
        for one in self.sent:
            state = states.get((one.key, one.etag))
            receipt = state and state.get("receipt")
            if not receipt:
                continue
            path = str(self.servers[ROUTES[one.route][0]].files) + receipt["path"]
            if receipt.get("sha256", one.sha256) != one.sha256:
                wrong.append(f"{one}: the receipt's sha256 is of something else")
            expected[path] += 1
            last[path] = one  # in the order in which they were sent
        for path, one in last.items():
            try:
                with open(path, "rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:
                        wrong.append(f"{one}: other bytes at {path}")
            except FileNotFoundError:
                wrong.append(f"{one}: nothing at {path}")
        for path in expected.keys() | {path for path in self.watch.appeared if "fence-" not in path}:
            seen = self.watch.appeared[path] - self.obstacles[path]
            most = expected[path] + (1 if "/doubt/" in path else 0)
            if path.endswith("/pair/x.bin"):
                most = expected[path] + self.put_back
            if not expected[path] <= seen <= most:
                wrong.append(f"{path} appeared {seen} times, expected {expected[path]}")
        if self.watch.overflown:
            wrong.append("inotify lost events")
        return wrong

    put_back = 0

    def wrong_letters(self, letters):
        wrong = []
        for letter in letters:
            value = letter["value"]
            if value["type"] != "FILE":
                wrong.append(f"poison: {json.dumps(value)[:600]}")
                continue
            reason = value["failure"] or value["deadline"]
            if (value["key"], value["etag"], reason) not in self.letters:
                wrong.append(f"{value['key']}: {value['reason']}")
            history = value["history"]
            if not history or history[-1]["at"] != value["at"]:
                wrong.append(f"{value['key']}: the history does not tell what ended it: {json.dumps(history)[:600]}")
        seen = collections.Counter((v["fileId"], v["sending"], v["version"]) for v in (one["value"] for one in letters))
        return wrong + [f"two letters of one end: {key}" for key, count in seen.items() if count > 1]

    def wrong_ready(self, records):
        """Each delivered file has exactly one ready-files record."""
        seen = collections.Counter(record["key"] for record in records)
        return [f"{key}: {seen[state['id']]} ready-files" for (key, _), state in self.states().items()
                if seen[state["id"]] != (1 if "receipt" in state else 0)]


def brief(state):
    if state is None:
        return "unknown"
    words = [state["status"], state["stage"], f"{state['sending']}.{state['attempt']}"]
    words += [str(state[key]) for key in ("failure", "detail", "deadline") if key in state]
    return " ".join(words + (["late"] if state.get("late") else []))
