"""What the tests of the whole program share: each test_* function of a script
gets a new folder as its current one, and main() prints `N passed, N failed`."""
import atexit
import contextlib
import csv
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TRIMPOT = os.path.abspath(os.environ.get("TRIMPOT", "build/dev/trimpot"))
DECKS = os.path.join(ROOT, "examples", "simetrix")
# What decks elsewhere may include: nothing of ours, as for any user; but a
# source tree that is no repository has to be named.
os.environ["TRIMPOT_INCLUDE_PATH"] = (
    "" if os.path.exists(os.path.join(ROOT, ".git")) else ROOT)

# Notes of model libraries: none of the user's, but those of this script.
CACHE = tempfile.mkdtemp(prefix="trimpot-cache-")
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
os.environ["TRIMPOT_CACHE"] = CACHE

SLOW = 5 # seconds of a test that are worth a line


class Result:
    """How a program ended and what it said."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def json(self):
        """The one object on standard output."""
        return json.loads(self.out)


def text(data):
    return data.decode("utf-8", "replace")


def run(*args, program=TRIMPOT, env=None, timeout=120):
    """Runs `trimpot args...` to its end."""
    p = subprocess.run([program, *args], stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=timeout,
                       env={**os.environ, **(env or {})})
    return Result(p.returncode, text(p.stdout), text(p.stderr))


def start(*args, env=None):
    """Starts `trimpot args...` and returns the process."""
    return subprocess.Popen([TRIMPOT, *args], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, **(env or {})})


def end(p, timeout=120):
    """Waits for a started process."""
    out, err = p.communicate(timeout=timeout)
    return Result(p.returncode, text(out), text(err))


def children(pid):
    """Live processes that `pid` started."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="latin-1") as f:
                fields = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(name))
    return found


def kill(pid, how=signal.SIGKILL):
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass


def wait_for(what, seconds=30):
    """Until what() is true; fails when it takes longer."""
    end_at = time.time() + seconds
    while time.time() < end_at:
        got = what()
        if got:
            return got
        time.sleep(0.005)
    raise AssertionError("waited too long")


def deck(name):
    """Copies a deck of the examples here; returns its name."""
    shutil.copy(os.path.join(DECKS, name), name)
    return name


def write(name, content):
    with open(name, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return name


def read(name):
    with open(name, "rb") as f:
        return f.read()


def trials(which="last"):
    """The stored trials, one list of cells each, without what depends on
    the clock."""
    r = run("export", which, "--csv")
    same(r.status, 0, r.err)
    rows = list(csv.reader(io.StringIO(r.out, newline="")))
    clock = rows[0].index("sim_seconds")
    return [row[:clock] + row[clock + 1:] for row in rows]


CLOCK = ("run", "seconds", "simulator_seconds")
CHECKS = ("checked_trials", "checked_max_relative_difference")


def answer(r):
    """The object of --json without what depends on the run's name and on the
    clock: random trials are checked as there is time."""
    check(r.out.count("\n") == 1, r.out + r.err)
    got = {k: v for k, v in r.json().items() if k not in CLOCK}
    for k in CHECKS:
        (got["proof"] or {}).pop(k, None)
    return got


def unattended(rows):
    """Cells of trials without how often a worker died of something else."""
    at = rows[0].index("attempts")
    return [row[:at] + row[at + 1:] for row in rows]


def trials_in(store="trimpot.db"):
    """How many trials a store has; 0 while it is not there."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro",
                                                uri=True)) as db:
            return db.execute("SELECT count(*) FROM trial").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def forget(store="trimpot.db"):
    """No store any more."""
    for end in ("", "-wal", "-shm"):
        if os.path.exists(store + end):
            os.remove(store + end)


def check(held, what=""):
    if not held:
        raise AssertionError(what)


def short(value):
    words = repr(value)
    return words if len(words) < 500 else words[:500] + " ..."


def same(got, wanted, what=""):
    if got == wanted:
        return
    if isinstance(got, list) and isinstance(wanted, list):
        for i, (a, b) in enumerate(zip(got, wanted)):
            if a != b:
                raise AssertionError(f"[{i}]: got {short(a)}, wanted "
                                     f"{short(b)} {what}")
    raise AssertionError(f"got {short(got)}, wanted {short(wanted)} {what}")


def has(whole, part):
    if part not in whole:
        raise AssertionError(f"{part!r} is not in:\n{whole}")


def close(got, wanted, part):
    """Within `part` of wanted."""
    if not abs(got - wanted) <= part * abs(wanted):
        raise AssertionError(f"got {got}, wanted {wanted} within {part:%}")


def main(names):
    """Runs every test_* of `names` (globals())."""
    passed = failed = 0
    only = sys.argv[1:]
    os.environ.pop("TRIMPOT_STORE", None)
    for name, test in list(names.items()):
        if not name.startswith("test_") or (only and name not in only):
            continue
        folder = tempfile.mkdtemp(prefix="tp_cli_")
        os.chdir(folder)
        began = time.time()
        try:
            test()
            passed += 1
        except Exception:
            traceback.print_exc(file=sys.stdout)
            print(f"FAILED {name}")
            failed += 1
        if time.time() - began > SLOW:
            print(f"{name} took {time.time() - began:.0f} s")
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
