"""Runs one program, and sees to it that nothing of it outlives who asked.

    python3 guard.py JOB

JOB is JSON: `command`, `folder`, `env` (beside the little that is kept),
`events` (the named pipe into which the program's shim writes) and `limits`
(`memoryBytes`, `cpuSeconds`, `processes`, `fileBytes`). With `namespace` it gets
a network namespace: `map` is the file that says what it is to reach, `port` the
port of this machine on which it is reached. With `asked` that port is the one
that counts of those that it listens on.

On standard output it tells what happens, a line of JSON each; what the program
prints goes to standard error. On standard input it is told which signals to
send, a name a line, or by `ROUTES` that the map has changed, which it answers
once what the map says is so. When that ends,
because the workbench closes it or is gone, the program and all that it has begun
are killed. The program has a process group of its own, and whatever leaves that
group is found by descent.

There is one for each server of each herd, so it loads no more than it needs: half
of its processor time goes into its start.
"""
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time

# What else it needs stands beside it, and stays as it is.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER", "VIRTUAL_ENV")
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CHECK_SECONDS = 0.5
LOOK_SECONDS_MIN = 0.05
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

job = json.loads(sys.argv[1])
limits = job["limits"]
# Ports that it listens on and that do not count, as far as that was told.
opened = set()
# The part of an order that has come so far.
unread = ""
# Its network namespace, and what passes in and out there.
space = ways = None


def prctl(option, value):
    """Only Linux has it; elsewhere the process group alone is killed."""
    try:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except AttributeError:
        pass


def tell(**event):
    try:
        os.write(1, (json.dumps(event) + "\n").encode())
    except BrokenPipeError:
        pass  # Nobody is left to be told; standard input says so too.


def begin(env):
    """Becomes the program."""
    os.setsid()
    if space:
        space.join()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # Python ignores SIGPIPE and SIGXFSZ, which programs do not expect.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["fileBytes"],) * 2)
    os.chdir(job["folder"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    try:
        os.execvpe(job["command"][0], job["command"], env)
    except OSError as error:
        # It names the last place of those where it was looked for.
        error.filename = job["command"][0]
        raise


def run(env):
    """Starts the program: its process, and why it can't be run, if it can't."""
    told, tell_why = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            begin(env)
        except OSError as error:
            os.write(tell_why, str(error).encode())
        finally:
            os._exit(127)
    os.close(tell_why)
    # It ends when the program takes the place of its process.
    why = os.read(told, 4096).decode()
    os.close(told)
    return pid, why


def children(pid):
    """Each thread has those that it has begun."""
    found = []
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, thread)) as file:
                found += map(int, file.read().split())
    except OSError:
        pass
    return found


def descendants(pid):
    found = children(pid)
    # It grows meanwhile: a chain of them may be longer than calls can be nested.
    for child in found:
        found += children(child)
    return found


def program():
    """All processes of the program; that of its namespace is none of them."""
    return [pid for pid in descendants(os.getpid()) if not space or pid != space.pid]


def usage(pids):
    """Seconds of processor time and bytes of memory of those that live."""
    cpu = memory = 0
    for pid in pids:
        try:
            with open("/proc/%d/stat" % pid) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # User and system time, and the same of children that have ended.
        cpu += sum(map(int, fields[11:15]))
        memory += int(fields[21]) * PAGE
    return cpu / TICKS, memory


def excess(pids):
    # First, for what forks without end shares its memory, which is counted often.
    if len(pids) > limits["processes"]:
        return {"what": "processes", "used": len(pids)}
    cpu, memory = usage(pids)
    if memory > limits["memoryBytes"]:
        return {"what": "memoryBytes", "used": memory}
    if cpu > limits["cpuSeconds"]:
        return {"what": "cpuSeconds", "used": round(cpu, 1)}
    return None


def hit(kill, target, number, but=None):
    try:
        if but is None or os.getpgid(target) != but:
            kill(target, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_all(group):
    """Until none is left: what is killed may just have begun another."""
    while True:
        pids = descendants(os.getpid())
        for pid in pids:
            hit(os.kill, pid, signal.SIGKILL)
        hit(os.killpg, group, signal.SIGKILL)
        reap()
        if not descendants(os.getpid()):
            return
        time.sleep(0.005)


def reap():
    """The status of each child that has ended; orphans come to the guard."""
    ended = {}
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return ended
            ended[pid] = status
    except ChildProcessError:
        return ended


def listening(pids, group):
    """The port that one of them listens on, seen without a word to it; of several
    the lowest, unless it is known which counts."""
    ports = listened(pids)
    if ports is None:
        import listed
        ports = listed.ports(group)
    if job.get("asked"):
        if job["asked"] in ports:
            return job["asked"]
        for port in set(ports) - opened:
            opened.add(port)
            tell(event="opened", asked=port)
        return None
    return min(ports, default=None)


def listened(pids):
    """The ports that they listen on; None where there is no /proc to say so."""
    if not os.path.exists("/proc/self/net"):
        return None
    inodes = set()
    for pid in pids:
        try:
            for fd in os.listdir("/proc/%d/fd" % pid):
                inodes.add(os.readlink("/proc/%d/fd/%s" % (pid, fd)))
        except OSError:
            continue
    ports = []
    for table in ("tcp", "tcp6"):
        try:
            with open("/proc/%s/net/%s" % (space.pid if space else "self", table)) as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        # State 0A is LISTEN.
        ports += [int(row[1].rsplit(":", 1)[1], 16) for row in rows
                  if row[3] == "0A" and "socket:[%s]" % row[9] in inodes]
    return ports


def listens(port):
    """Tells where it listens, and lets in who comes to its port of the machine."""
    if not ways:
        return tell(event="listen", asked=port, port=port)
    import socket
    outer = socket.socket()
    outer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    given = job["ways"]["port"]
    try:
        outer.bind((job["ways"].get("hostname", "127.0.0.1"), given))
        outer.listen(1024)
    except OSError as error:
        return tell(event="unstartable", why="port %d: %s" % (given, error))
    ways.do(ways.open_inward, outer, port)
    tell(event="listen", asked=port, port=given)


def route(then=lambda: None):
    """Opens the ways that the map has."""
    with open(job["ways"]["map"]) as file:
        known = json.load(file)
    ways.do(ways.set_routes, known["connect"], known["hosts"], known.get("secret", ()))
    ways.do(then)


def send(name, group):
    """Sends a signal to all, also to those that have left the group."""
    number = getattr(signal, name)
    pids = program()
    hit(os.killpg, group, number)
    for pid in pids:
        hit(os.kill, pid, number, but=group)
    tell(event="signalled", signal=name)


def obey(group):
    """Sends what it is told to; False if nobody is there to tell it any more."""
    global unread
    told = os.read(0, 1024).decode()
    *names, unread = (unread + told).split("\n")
    for name in names:
        if name == "ROUTES":
            route(lambda: tell(event="routed"))
        else:
            send(name, group)
    return told != ""


def check(is_seen, group, shim):
    """Whether it uses too much, and whether it is known where it listens."""
    pids = program()
    over = excess(pids)
    if over:
        tell(event="limit", **over)
    elif not is_seen:
        port = listening(pids, group)
        # A shim speaks before its program listens, and knows where that was to be.
        if port and not select.select([shim], [], [], 0)[0]:
            listens(port)
            return False, True
    return over is not None, is_seen


def watch(group, wake, shim):
    """What ended the program: its status, or None if it was to be killed."""
    began = checked = time.monotonic()
    # What a program without a shim listens on must be looked for, and the less
    # often the longer it takes: to look costs what it needs to start.
    is_seen = False
    while True:
        pause = CHECK_SECONDS
        if not is_seen:
            pause = min(pause, max(LOOK_SECONDS_MIN, (checked - began) / 4))
        wait = max(0, checked + pause - time.monotonic())
        ready = select.select([0, wake, shim], [], [], wait)[0]
        if shim in ready:
            os.write(1, os.read(shim, 65536))
            is_seen = True
        if wake in ready:
            os.read(wake, 1024)
        ended = reap()
        if group in ended:
            return ended[group]
        if 0 in ready and not obey(group):
            return None
        if time.monotonic() - checked >= pause:
            checked = time.monotonic()
            is_over, is_seen = check(is_seen, group, shim)
            if is_over:
                return None


def enter():
    """Makes its ways, in a namespace if it is to have one; why there is none, if there
    can't be one."""
    global space, ways
    # What it takes to load is only for who has ways.
    import namespace
    if job["ways"]["areInside"]:
        path = job["ways"]["map"]
        with open(path) as file:
            text = namespace.hosts_text(json.load(file)["hosts"])
        with open(path + ".hosts", "w") as file:
            file.write(text)
        try:
            space = namespace.Namespace(path + ".hosts")
        except OSError as error:
            return "no network namespace: %s" % error
    ways = namespace.Ways(space, tell)
    route()
    return None


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wake, woken = os.pipe()
    for end in (wake, woken):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    os.mkfifo(job["events"])
    # Open for both, so that it does not end when the first writer closes it.
    shim = os.open(job["events"], os.O_RDWR | os.O_NONBLOCK)
    why = enter() if job.get("ways") else None
    if why:
        return tell(event="unstartable", why=why)
    env = dict((name, os.environ[name]) for name in KEPT if name in os.environ)
    env.update(job["env"])
    child, why = run(env)
    if why:
        return tell(event="unstartable", why=why)
    if ways:
        # Only now: a process that has threads can't enter a namespace.
        ways.thread.start()
    tell(event="start", pid=child)
    status = watch(child, wake, shim)
    if status is not None and os.WIFSIGNALED(status):
        tell(event="exit", signal=signal.Signals(os.WTERMSIG(status)).name)
    elif status is not None:
        tell(event="exit", code=os.WEXITSTATUS(status))
    kill_all(child)


main()
# Whatever still passes something in or out.
os._exit(0)
