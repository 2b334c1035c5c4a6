"""The partners' servers: the system's sshd, and a watch that counts the files that appear in their directories."""

import collections
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

HOLD = Path(__file__).with_name("hold.py")


def program(name):
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not found:
        raise FileNotFoundError(name)
    return found


def sftp_server():
    for path in ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server"):
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError("sftp-server")


class Sshd:
    """One sshd on a port of its own. With hold, a test can hold its requests; with class_c, it refuses posix-rename."""

    def __init__(self, home, port, hold=False, class_c=False):
        self.home, self.port = Path(home), port
        self.files = self.home / "files"
        self.rules, self.held = self.home / "rules", self.home / "held"
        self.files.mkdir(parents=True, exist_ok=True)
        for key in ("host_key", "user_key"):
            if not (self.home / key).exists():
                subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "waybill", "-f", self.home / key],
                               check=True)
        shutil.copy(self.home / "user_key.pub", self.home / "authorized_keys")
        server = [sftp_server()] + (["-P", "posix-rename"] if class_c else [])
        if hold:
            server = [sys.executable, str(HOLD), str(self.rules), str(self.held)] + server
        (self.home / "sshd_config").write_text(f"""MaxStartups 200:30:400
ListenAddress 127.0.0.1
Port {port}
HostKey {self.home}/host_key
AuthorizedKeysFile {self.home}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxSessions 200
Subsystem sftp {" ".join(server)}
""")
        self.daemon = None

    def start(self):
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        with open(self.home / "sshd.log", "ab") as log:
            self.daemon = subprocess.Popen([program("sshd"), "-D", "-e", "-f", self.home / "sshd_config"],
                                           stdout=log, stderr=log)

    def host_key(self):
        line = subprocess.run(["ssh-keygen", "-l", "-f", self.home / "host_key.pub"], check=True,
                              capture_output=True, text=True).stdout
        return line.split()[1]

    def hold(self, rules):
        self.held.unlink(missing_ok=True)
        draft = self.home / "rules.draft"
        draft.write_text("".join(rule + "\n" for rule in rules))
        draft.rename(self.rules)

    def holds(self):
        return self.held.read_text().splitlines() if self.held.exists() else []

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait()


class Watch:
    """Counts how often each name appeared in the watched directories, from the events of inotifywait."""

    def __init__(self, directories):
        for directory in directories:
            Path(directory).mkdir(parents=True, exist_ok=True)
        self.appeared = collections.Counter()
        self.overflown = False
        self.process = subprocess.Popen(
            ["inotifywait", "-m", "-e", "create", "-e", "moved_to", "--format", "%e|%w%f", *map(str, directories)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "Watches established" in line:
                break
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            events, _, path = line.rstrip("\n").partition("|")
            if "OVERFLOW" in events:
                self.overflown = True
            elif "ISDIR" not in events:
                self.appeared[path] += 1

    def settle(self, directory):
        """Returns when the watch has counted everything that happened before the call."""
        fence = Path(directory) / f"fence-{time.monotonic_ns()}"
        fence.touch()
        while not self.appeared[str(fence)]:
            time.sleep(0.02)
        fence.unlink()

    def stop(self):
        self.process.terminate()
