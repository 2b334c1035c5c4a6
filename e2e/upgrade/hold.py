"""An SFTP subsystem that can hold requests: hold.py RULES LOG SERVER ARGUMENTS.

Each line of RULES is "before|after NTH rename|remove|write REGEX". It holds the NTH rename of this session to a path
that matches REGEX, or the NTH removal of such a path. For a write, REGEX must match the MiB at which the write begins.

before: the server never does the request.
after: the server does the request, and its answer is lost.

The program then copies the line to LOG. Everything else passes. So a test can kill a worker at exactly that point: the
worker's intent is committed, and the worker does not know whether the file appeared.
"""

import re
import struct
import subprocess
import sys
import threading

WRITE, REMOVE, RENAME, STATUS, EXTENDED = 6, 13, 18, 101, 200


def text(packet, at):
    """The string at an offset, and the offset of the next field."""
    (length,) = struct.unpack_from(">I", packet, at)
    return packet[at + 4 : at + 4 + length].decode("utf-8", "replace"), at + 4 + length


def request(packet):
    """The request and its path (the new path of a rename), or None if the request always passes."""
    kind, at = packet[0], 5
    if kind == EXTENDED:
        name, at = text(packet, at)
        if name != "posix-rename@openssh.com":
            return None
    if kind == WRITE:
        (offset,) = struct.unpack_from(">Q", packet, text(packet, at)[1])
        return "write", str(offset >> 20)
    if kind == REMOVE:
        return "remove", text(packet, at)[0]
    if kind in (RENAME, EXTENDED):
        return "rename", text(packet, text(packet, at)[1])[0]
    return None


def packets(stream):
    while True:
        head = stream.read(4)
        if len(head) < 4:
            return
        (length,) = struct.unpack(">I", head)
        packet = stream.read(length)
        if len(packet) < length:
            return
        yield head, packet


class Holding:
    def __init__(self, rules, log):
        self.rules, self.log = rules, log
        self.seen = {}
        self.unanswered = set()

    def mode(self, asked, path):
        """How to hold a request: "before", "after", or None to let it pass."""
        try:
            with open(self.rules, encoding="utf-8") as rules:
                lines = rules.read().splitlines()
        except FileNotFoundError:
            return None
        for line in lines:
            mode, nth, what, regex = line.split(" ", 3)
            if what != asked or not re.search(regex, path):
                continue
            self.seen[line] = self.seen.get(line, 0) + 1
            if self.seen[line] == int(nth):
                with open(self.log, "a", encoding="utf-8") as log:
                    log.write(line + "\n")
                return mode
        return None

    def requests(self, source, server):
        for head, packet in packets(source):
            asked = request(packet)
            mode = self.mode(*asked) if asked else None
            if mode == "before":
                continue
            if mode == "after":
                self.unanswered.add(packet[1:5])
            server.write(head + packet)
            server.flush()
        server.close()

    def answers(self, server, sink):
        for head, packet in packets(server):
            if packet[0] == STATUS and packet[1:5] in self.unanswered:
                self.unanswered.discard(packet[1:5])
                continue
            sink.write(head + packet)
            sink.flush()


def main():
    holding = Holding(sys.argv[1], sys.argv[2])
    with subprocess.Popen(sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        requests = threading.Thread(target=holding.requests, args=(sys.stdin.buffer, server.stdin), daemon=True)
        requests.start()
        holding.answers(server.stdout, sys.stdout.buffer)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionError):
        pass  # The client is gone, as the test intends.
