"""A network namespace for one program, and the ways in and out of it.

The program finds nothing in its namespace but loopback. What it is to reach, its
neighbours and the hosts that somebody stands in for, listens there in their
place; what comes is passed on to a port of the machine. The other way, what
connects to the program's port of the machine is passed on to the port that the
program listens on.

A program whose ports were rewritten has the same ways without a namespace: no other
names the ports that stand in its copy.

Sockets belong to the namespace in which they are made, whoever uses them. So all
that is needed inside is a process that makes sockets and hands them out.

    python3 namespace.py

tells whether there can be a namespace: nothing, or why there can't.
"""
import asyncio
import ctypes
import fcntl
import json
import os
import re
import signal
import socket
import struct
import sys
import threading

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
MS_BIND = 0x1000
MS_PRIVATE_REC = 0x44000
PR_SET_PDEATHSIG = 1
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
LOOPBACK = "127.0.0.1"
# Hosts get addresses of their own on loopback, which nothing else is on.
TAG = "127.76.0.%d"
CHUNK = 65536
DIGITS_MAX = 5
# A number that stands by itself, and is no part of a position or a time.
NUMBER = re.compile(rb"(?<![\w.+-])[1-9]\d{0,%d}(?!\w|\.\d)" % (DIGITS_MAX - 1))
BACKLOG = 1024


def libc(name, *args):
    result = getattr(ctypes.CDLL(None, use_errno=True), name)(*args)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, "%s: %s" % (name, os.strerror(code)))
    return result


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def enter_new():
    """Leaves this process alone with a network of its own, and with its mounts."""
    uid, gid = os.geteuid(), os.getegid()
    try:
        # Not even root gets back out of a user namespace.
        libc("unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", "%d %d 1" % (uid, uid))
        write("/proc/self/gid_map", "%d %d 1" % (gid, gid))
    except OSError:
        if uid != 0:
            raise
        libc("unshare", CLONE_NEWNET | CLONE_NEWNS)
    libc("mount", None, b"/", None, MS_PRIVATE_REC, None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(sock, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | IFF_UP, b""))


def hand_out(channel):
    """Makes a socket for each byte that comes, until nobody is left to ask."""
    while True:
        family = channel.recv(1)
        if not family:
            return
        made = socket.socket(socket.AF_INET6 if family == b"6" else socket.AF_INET)
        channel.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", made.fileno()))])
        made.close()


class Namespace(object):
    """One, with the process in it that makes sockets."""

    def __init__(self, hosts_file=None):
        """Raises OSError if there can't be one; its text says why."""
        self.channel, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.lock = threading.Lock()
        guard = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self.channel.close()
            self.inside(inner, hosts_file, guard)
        inner.close()
        why = self.channel.recv(1024).decode()
        if why != "ready":
            raise OSError(why or "it ended at once")

    def inside(self, channel, hosts_file, guard):
        try:
            libc("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != guard:
                os._exit(1)
            enter_new()
            if hosts_file:
                libc("mount", hosts_file.encode(), b"/etc/hosts", None, MS_BIND, None)
            # Entering a user namespace may have cleared it.
            libc("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            channel.send(b"ready")
            hand_out(channel)
        except OSError as error:
            channel.send(str(error).encode())
        os._exit(0)

    def join(self):
        """Takes this process into it; only one that has no threads."""
        folder = os.getcwd()
        files = []
        for kind, flag in (("user", CLONE_NEWUSER), ("net", CLONE_NEWNET), ("mnt", CLONE_NEWNS)):
            path = "/proc/%d/ns/%s" % (self.pid, kind)
            if os.readlink(path) != os.readlink("/proc/self/ns/" + kind):
                files.append((os.open(path, os.O_RDONLY | os.O_CLOEXEC), flag))
        for file, flag in files:
            libc("setns", file, flag)
        # With other mounts it is left at the top of them.
        os.chdir(folder)

    def socket(self, family=socket.AF_INET):
        """A socket of it, as non-blocking as asyncio wants it."""
        with self.lock:
            self.channel.send(b"6" if family == socket.AF_INET6 else b"4")
            size = socket.CMSG_SPACE(struct.calcsize("i"))
            ancillary = self.channel.recvmsg(1, size)[1]
        made = socket.socket(fileno=struct.unpack("i", ancillary[0][2][:4])[0])
        # One that is handed over would come into the program.
        made.set_inheritable(False)
        made.setblocking(False)
        return made


def hosts_text(hosts):
    """What its /etc/hosts says."""
    lines = ["127.0.0.1 localhost " + socket.gethostname(), "::1 localhost"]
    return "\n".join(lines + ["%s %s" % (TAG % at, name) for at, name in enumerate(sorted(hosts), 1)]) + "\n"


def end(sock, is_reset):
    if is_reset:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Ways(object):
    """What is passed in and out, by a thread of its own once it is started."""

    def __init__(self, namespace, tell):
        """Without a namespace they are on the machine."""
        self.namespace = namespace
        self.tell = tell
        self.outward = {}
        # Ports that no program is to tell another.
        self.secret = frozenset()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def do(self, function, *args):
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(function, *args)
        else:
            function(*args)

    def socket(self, family=socket.AF_INET):
        return self.namespace.socket(family) if self.namespace else socket.socket(family)

    def set_routes(self, connect, hosts, secret=()):
        """The ports of servers that are up, and those of hosts: the rest is refused."""
        self.secret = frozenset(secret)
        wanted = dict(((LOOPBACK, int(port)), (target, True)) for port, target in connect.items())
        for at, name in enumerate(sorted(hosts), 1):
            for port, target in hosts[name].items():
                wanted[TAG % at if self.namespace else name, int(port)] = (target, False)
        for address in set(self.outward) - set(wanted):
            for listener in self.outward.pop(address):
                self.loop.remove_reader(listener)
                listener.close()
        for address in set(wanted) - set(self.outward):
            self.outward[address] = self.listen(address, *wanted[address])

    def listen(self, address, target, is_server):
        made = []
        is_loopback = address[0] == LOOPBACK
        for family, host in ((socket.AF_INET, address[0]), (socket.AF_INET6, "::1"))[:1 + is_loopback]:
            try:
                listener = self.socket(family)
                listener.setblocking(False)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                listener.bind((host, address[1]))
                listener.listen(BACKLOG)
            except OSError as error:
                listener.close()
                # The program itself has that port, or there is no IPv6; else somebody
                # else has taken it.
                if not self.namespace and family == socket.AF_INET:
                    self.tell(event="unroutable", port=address[1], why=str(error))
                continue
            port = address[1] if is_server else None
            self.accept(listener, lambda: socket.socket(), target, port)
            made.append(listener)
        return made

    def open_inward(self, listener, port):
        """From the port of the machine that this listens on to one of the program."""
        listener.setblocking(False)
        self.accept(listener, self.socket, port, None)

    def accept(self, listener, make, target, dialled):
        def take():
            try:
                conn = listener.accept()[0]
            except OSError:
                return
            if dialled is not None:
                self.tell(event="dial", port=dialled)
            self.loop.create_task(self.join(conn, make(), target, dialled is not None))
        self.loop.add_reader(listener, take)

    async def join(self, near, far, target, is_between):
        for sock in (near, far):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await self.loop.sock_connect(far, (LOOPBACK, target))
            pumps = [self.loop.create_task(self.pump(*way, is_between)) for way in ((near, far), (far, near))]
            done, waiting = await asyncio.wait(pumps, return_when=asyncio.FIRST_EXCEPTION)
            for pump in waiting:
                pump.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            is_reset = any(pump.exception() for pump in done)
        except OSError:
            is_reset = True
        for sock in (near, far):
            end(sock, is_reset)

    async def pump(self, source, target, is_between):
        tail = b""
        while True:
            chunk = await self.loop.sock_recv(source, CHUNK)
            if not chunk:
                break
            if is_between and self.secret:
                tail = self.look_for_ports(tail + chunk)
            await self.loop.sock_sendall(target, chunk)
        target.shutdown(socket.SHUT_WR)

    def look_for_ports(self, text):
        """Tells it once, if a server tells another a port; what a number at the end
        may go on with is looked at again."""
        for found in NUMBER.finditer(text):
            port = int(found[0])
            if port in self.secret:
                self.tell(event="port-told", port=port)
                self.secret = frozenset()
                break
        return text[-DIGITS_MAX - 1:]


def main():
    try:
        Namespace()
    except OSError as error:
        print(error)


if __name__ == "__main__":
    main()
