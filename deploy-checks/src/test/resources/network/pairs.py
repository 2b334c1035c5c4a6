"""Which pairs of ends of a network can speak with each other.

Run as root of user, network, mount and process namespaces of its own (unshare), so that nothing of the machine is touched and
everything is gone with this process. Reads a plan (JSON) from standard input:

    {"ends": [{"name": "desk", "address": "10.9.0.1"}, ...], "ports": ["TCP/53", ...], "rules": "text for nft"}

Makes a network namespace for each end, joins them by a router, as nodes of a cluster do, loads the rules into the router, listens
on all ports of all ends, and tries all of them from each end. Writes a line for each that answered: FROM TO PROTOCOL/PORT.

One process does all of it, because a socket stays in the namespace in which it was made.
"""

import ctypes
import errno
import json
import os
import resource
import select
import socket
import subprocess
import sys

CLONE_NEWNET = 0x40000000
ROUTER = "169.254.1.1"
# Nothing comes from another machine, so this is long. Only datagrams that the rules drop take it.
QUIET_SECONDS = 1.0
GIVE_UP_SECONDS = 20.0
libc = ctypes.CDLL(None, use_errno=True)


def run(*command, text=None):
    subprocess.run(command, input=text, text=True, check=True)


def make(ends, rules):
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    with open("/proc/sys/net/ipv4/ip_forward", "w") as forward:
        forward.write("1")
    router = ["link set lo up"]
    for i, end in enumerate(ends):
        router += [
            f"netns add e{i}",
            f"link add v{i} type veth peer name eth0 netns e{i}",
            f"addr add {ROUTER}/32 dev v{i}",
            f"link set v{i} up",
            f"route add {end['address']} dev v{i}",
        ]
    run("ip", "-batch", "-", text="\n".join(router) + "\n")
    for i, end in enumerate(ends):
        run("ip", "-n", f"e{i}", "-batch", "-", text="\n".join([
            f"addr add {end['address']}/32 dev eth0",
            "link set lo up",
            "link set eth0 up",
            f"route add {ROUTER} dev eth0",
            f"route add default via {ROUTER}",
        ]) + "\n")
    if rules:
        run("nft", "-f", "-", text=rules)


def enter(i):
    handle = os.open(f"/run/netns/e{i}", os.O_RDONLY)
    try:
        if libc.setns(handle, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(handle)


def new_socket(protocol):
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM)
    one.setblocking(False)
    return one


def listen(ends, ports):
    """All listeners; those for datagrams by their descriptors."""
    streams, datagrams = [], {}
    for i in range(len(ends)):
        enter(i)
        for protocol, port in ports:
            one = new_socket(protocol)
            one.bind(("", port))
            if protocol == "TCP":
                # The kernel completes the handshake, so nobody has to accept.
                one.listen(1024)
                streams.append(one)
            else:
                datagrams[one.fileno()] = one
    return streams, datagrams


def try_streams(here, ends, ports):
    """Connects from one end to all ports of all others at once. What is not open is reset, so each attempt has an end."""
    waiting, poll = {}, select.epoll()
    for there, end in enumerate(ends):
        for port in (port for protocol, port in ports if protocol == "TCP" and there != here):
            one = new_socket("TCP")
            started = one.connect_ex((end["address"], port))
            if started not in (0, errno.EINPROGRESS):
                raise OSError(started, f"{ends[here]['name']} to {end['name']}")
            waiting[one.fileno()] = (one, f"{end['name']} TCP/{port}")
            poll.register(one, select.EPOLLOUT)
    opened = []
    while waiting:
        done = poll.poll(GIVE_UP_SECONDS)
        if not done:
            raise TimeoutError(f"{ends[here]['name']}: neither open nor closed: {[name for _, name in waiting.values()]}")
        for descriptor, _ in done:
            one, name = waiting.pop(descriptor)
            failure = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failure == 0:
                opened.append(name)
            elif failure != errno.ECONNREFUSED:
                raise OSError(failure, f"{ends[here]['name']} to {name}")
            poll.unregister(descriptor)
            one.close()
    return opened


def try_datagrams(ends, ports, listeners):
    """Sends from all ends to all others; returns which came back, as FROM TO PROTOCOL/PORT."""
    places = {end["address"]: end["name"] for end in ends}
    senders, poll, opened = {}, select.epoll(), set()
    for i, end in enumerate(ends):
        enter(i)
        one = new_socket("UDP")
        senders[one.fileno()] = (one, end["name"])
        poll.register(one, select.EPOLLIN)
    for descriptor in listeners:
        poll.register(descriptor, select.EPOLLIN)
    # Again and again, because a datagram may be lost before the router knows an address.
    for _ in range(3):
        for one, name in senders.values():
            for end in ends:
                for port in (port for protocol, port in ports if protocol == "UDP" and end["name"] != name):
                    one.sendto(b"?", (end["address"], port))
        while ready := poll.poll(QUIET_SECONDS):
            for descriptor, _ in ready:
                if descriptor in listeners:
                    content, sender = listeners[descriptor].recvfrom(16)
                    listeners[descriptor].sendto(content, sender)
                else:
                    one, name = senders[descriptor]
                    _, (address, port) = one.recvfrom(16)
                    opened.add(f"{name} {places[address]} UDP/{port}")
    return opened


def main():
    plan = json.load(sys.stdin)
    ends = plan["ends"]
    ports = [(name.split("/")[0], int(name.split("/")[1])) for name in plan["ports"]]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    make(ends, plan["rules"])
    streams, datagrams = listen(ends, ports)
    for here, end in enumerate(ends):
        enter(here)
        for name in try_streams(here, ends, ports):
            print(end["name"], name)
    for line in try_datagrams(ends, ports, datagrams):
        print(line)
    for one in streams:
        one.close()


main()
