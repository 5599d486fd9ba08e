"""Which ports a process group listens on, where there is no /proc: by lsof, which
macOS has.

    python3 listed.py GROUP
"""
import subprocess
import sys


def ports(group):
    command = ["lsof", "-nP", "-a", "-g", str(group), "-iTCP", "-sTCP:LISTEN", "-Fn"]
    try:
        listed = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout
    except OSError:
        return []
    return [int(line.rsplit(":", 1)[1]) for line in listed.decode().splitlines() if line.startswith("n")]


if __name__ == "__main__":
    print(*sorted(set(ports(sys.argv[1]))))
