"""Stands between a Python program and the network.

Python runs a module of this name by itself before a program begins, if it finds
one. This one gives servers that name fixed ports and hosts other ones, so that
many can run side by side with a proxy on each link, and without their files
being touched. It runs on Python 2.7 and on all of Python 3.

In the folder that HERD_SHIM names, `map.json` says what becomes of addresses;
what the program does is appended to `events`, a line of JSON each.
"""
import errno
import json
import os
import socket
import sys

FOLDER = os.environ.get("HERD_SHIM")
IS_OLD = sys.version_info < (3,)
LOOPBACK = "127.0.0.1"
MAPPED = "::ffff:"
# Hosts that are mapped get addresses of their own, which nothing is ever sent to.
TAG = "127.76.0."

base = socket._socketobject if IS_OLD else socket.socket
real = dict((name, getattr(base, name)) for name in
            ("bind", "connect", "connect_ex", "getpeername", "getsockname", "listen"))
real_getaddrinfo = socket.getaddrinfo
asked_of_bound = {}
asked_of_dialled = {}


def read_map():
    with open(os.path.join(FOLDER, "map.json")) as file:
        return json.load(file)


def tell(**event):
    line = (json.dumps(event) + "\n").encode("ascii")
    events = os.open(os.path.join(FOLDER, "events"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(events, line)
    finally:
        os.close(events)


def is_stream(sock):
    return sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type & 15 == socket.SOCK_STREAM


def address_of(port):
    """Loopback, but for the port by which others reach it."""
    known = read_map()
    return known["hostname"] if port == known["port"] else LOOPBACK


def dialled(sock, address, port):
    if sock.family == socket.AF_INET:
        return (address, port)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return (MAPPED + address, port)


def bound_to(sock, host, port):
    """Never more than it is to have; and never what another socket of a pair has."""
    address = address_of(port)
    if sock.family == socket.AF_INET:
        return (address, port)
    is_pair = sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
    return ("::1" if is_pair or host == "::1" else MAPPED + address, port)


def is_local(host):
    return host in ("", "localhost", "0.0.0.0", "::", "::1") or host.startswith(("127.", "::ffff:127."))


def route(host, port):
    """The address and port that are to be dialled instead; None as port for none."""
    known = read_map()
    if host.startswith(TAG):
        tags = dict((TAG + str(at), name) for at, name in enumerate(sorted(known["hosts"])))
        return LOOPBACK, known["hosts"].get(tags.get(host), {}).get(str(port))
    if host in known["hosts"]:
        return LOOPBACK, known["hosts"][host].get(str(port))
    if not is_local(host):
        return None, None
    for bound, asked in list(asked_of_bound.items()):
        # What it has in place of a port that it asked for may be a neighbour's.
        if port == asked:
            return address_of(bound), bound
    return LOOPBACK, known["connect"].get(str(port))


def dial(sock, meant, how):
    if not is_stream(sock):
        return real[how](sock, meant)
    host, port = meant[0], int(meant[1])
    address, target = route(host, port)
    if target is None:
        tell(event="refused", host=host, port=port)
        if how == "connect_ex":
            return errno.ECONNREFUSED
        raise socket.error(errno.ECONNREFUSED, "Connection refused")
    asked_of_dialled[target] = port
    if is_local(host) and not host.startswith(TAG):
        tell(event="dial", port=port)
    return real[how](sock, dialled(sock, address, target))


def connect(self, address):
    return dial(self, address, "connect")


def connect_ex(self, address):
    return dial(self, address, "connect_ex")


def port_for(asked):
    """The port by which it is reached; any for others that it opens."""
    known = read_map()
    if known["port"] in asked_of_bound:
        return 0
    return known["port"] if known.get("asked") in (None, asked) else 0


def bind(self, address):
    if not is_stream(self):
        return real["bind"](self, address)
    host, asked = address[0], int(address[1])
    if asked == 0:
        return real["bind"](self, bound_to(self, host, 0))
    known = [bound for bound, its in list(asked_of_bound.items()) if its == asked]
    given = known[0] if known else port_for(asked)
    real["bind"](self, bound_to(self, host, given))
    asked_of_bound[real["getsockname"](self)[1]] = asked


def listen(self, *args):
    result = real["listen"](self, *args)
    port = real["getsockname"](self)[1] if is_stream(self) else None
    if not port:
        return result
    known, asked = read_map(), asked_of_bound.get(port, port)
    # Of several ports the one that counts is known, or the first does.
    if port == known["port"] or "asked" not in known:
        tell(event="listen", asked=asked, port=port)
    else:
        tell(event="opened", asked=asked)
    return result


def as_asked(address, asked):
    if isinstance(address, tuple) and len(address) > 1 and address[1] in asked:
        return (address[0], asked[address[1]]) + address[2:]
    return address


def getsockname(self):
    return as_asked(real["getsockname"](self), asked_of_bound)


def getpeername(self):
    return as_asked(real["getpeername"](self), asked_of_dialled)


def getaddrinfo(host, port, *args, **kwargs):
    name = host.decode("ascii") if isinstance(host, bytes) else host
    if not name or is_local(name) or name == socket.gethostname():
        return real_getaddrinfo(host, port, *args, **kwargs)
    hosts = sorted(read_map()["hosts"])
    if name in hosts:
        return real_getaddrinfo(TAG + str(hosts.index(name)), port, *args, **kwargs)
    if name.replace(".", "").isdigit() or ":" in name:
        return real_getaddrinfo(host, port, *args, **kwargs)
    tell(event="refused", host=name, port=port)
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def gethostbyname(name):
    return getaddrinfo(name, 0, socket.AF_INET)[0][4][0]


def without_loop(function):
    def call(*args, **kwargs):
        kwargs.pop("loop", None)
        return function(*args, **kwargs)
    return call


def mend_asyncio(asyncio):
    """Takes `loop=` where Python 3.10 does not take it any more."""
    for name in ("open_connection", "start_server", "sleep", "wait", "wait_for",
                 "gather", "shield", "as_completed"):
        setattr(asyncio, name, without_loop(getattr(asyncio, name)))
    for name in ("Queue", "Lock", "Event", "Condition", "Semaphore"):
        cls = getattr(asyncio, name)
        cls.__init__ = without_loop(cls.__init__)
    if not hasattr(asyncio, "coroutine"):
        import types
        asyncio.coroutine = types.coroutine


class MendingFinder(object):
    """Mends asyncio once a program imports it, for it takes long to load."""

    def find_spec(self, name, path=None, target=None):
        if name != "asyncio":
            return None
        import importlib.util
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            mend_asyncio(module)
        spec.loader.exec_module = exec_module
        return spec


def install():
    for function in (bind, connect, connect_ex, getpeername, getsockname, listen):
        setattr(base, function.__name__, function)
    socket.getaddrinfo = getaddrinfo
    socket.gethostbyname = gethostbyname
    tell(event="shim", language="Python %d.%d" % sys.version_info[:2])


if sys.version_info >= (3, 10) and (FOLDER or os.environ.get("HERD_MEND")):
    sys.meta_path.insert(0, MendingFinder())
if FOLDER:
    install()
