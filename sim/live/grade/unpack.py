"""Unpacks what somebody sent into a folder, and nowhere else.

    python3 unpack.py ARCHIVE FOLDER BYTES_MAX FILES_MAX

A zip or a tar, packed in whatever way. Only folders and plain files come out of
it: no links, no devices, and nothing whose name leads out of the folder. On
standard error it says what it left out, or why it gave up.
"""
import os
import shutil
import stat
import sys
import tarfile
import zipfile

LEFT_OUT = ("__MACOSX", ".git", "__pycache__")
CHUNK = 65536


class TooMuch(Exception):
    pass


def target(folder, name):
    """Where a member goes; None for one that may go nowhere."""
    # What is no UTF-8 nobody could open by its name.
    name = name.encode("utf-8", "replace").decode()
    parts = name.replace("\\", "/").split("/")
    if name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name:
        print("left out, for it leads out of the folder: %r" % name, file=sys.stderr)
        return None
    parts = [part for part in parts if part not in ("", ".")]
    if not parts or any(part in LEFT_OUT for part in parts):
        return None
    return os.path.join(folder, *parts)


def take(source, path, mode, room):
    """Copies a file; what room is left."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        while True:
            chunk = source.read(CHUNK)
            if not chunk:
                break
            room -= len(chunk)
            if room < 0:
                raise TooMuch()
            file.write(chunk)
    os.chmod(path, 0o700 if mode & 0o100 else 0o600)
    return room


def zip_members(archive):
    for info in archive.infolist():
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if info.is_dir():
            continue
        yield info.filename, mode, kind in (0, stat.S_IFREG), lambda info=info: archive.open(info)


def tar_members(archive):
    for info in archive:
        if not info.isdir():
            yield info.name, info.mode, info.isreg(), lambda info=info: archive.extractfile(info)


def unpack(members, folder, room, files_max):
    files = 0
    for name, mode, is_plain, opened in members:
        path = target(folder, name)
        if path is None:
            continue
        if not is_plain:
            print("left out, for it is no file: %r" % name, file=sys.stderr)
            continue
        files += 1
        if files > files_max:
            raise TooMuch()
        with opened() as source:
            room = take(source, path, mode, room)


def main():
    path, folder, bytes_max, files_max = sys.argv[1:]
    limits = (int(bytes_max), int(files_max))
    os.makedirs(folder, exist_ok=True)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                unpack(zip_members(archive), folder, *limits)
        else:
            with tarfile.open(path) as archive:
                unpack(tar_members(archive), folder, *limits)
    except tarfile.ReadError:
        shutil.rmtree(folder)
        sys.exit("it can't be unpacked: it is neither a zip nor a tar, or damaged")
    except TooMuch:
        shutil.rmtree(folder)
        sys.exit("there is more in it than %d MiB, or %d files" % (limits[0] >> 20, limits[1]))
    # Each way of packing has errors of its own.
    except Exception as error:
        shutil.rmtree(folder)
        sys.exit("it can't be unpacked: %s" % error)


main()
