"""A real PostgreSQL server of our own on loopback, for tests and benchmarks."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

_ACCOUNT = "postgres"


def binaries() -> Path | None:
    """Give the folder of the newest server's programs; None when no server is installed."""
    homes = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda each: float(each.parent.name) if each.parent.name.isdecimal() else 0,
    )
    found = shutil.which("initdb")
    folders = [*([Path(found).resolve().parent] if found else []), *reversed(homes)]
    return next((each for each in folders if (each / "initdb").exists()), None)


def missing() -> str:
    """Say why no server can be started here; nothing when one can."""
    if binaries() is None:
        return "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_ACCOUNT)
        except KeyError:
            return f"initdb refuses root, and there is no account {_ACCOUNT}"
        if shutil.which("runuser") is None:
            return "initdb refuses root, and there is no runuser"
    return ""


class Server:
    """One server: its data in a folder of its own, reached on 127.0.0.1 alone."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="intendance-pg-"))
        found = binaries()
        assert found is not None
        self._binaries = found
        if os.geteuid() == 0:
            account = pwd.getpwnam(_ACCOUNT)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.port = _free_port()
        self._run("initdb", "-D", self._data, "-U", "tester", "-A", "trust", "--no-sync", "-E",
                  "UTF8", "--locale=C.UTF-8")  # fmt: skip

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *words: str) -> None:
        call = [str(self._binaries / program), *words]
        if os.geteuid() == 0:
            call = ["runuser", "-u", _ACCOUNT, "--", *call]
        # Output goes to a file: a server that inherits a pipe would keep us waiting for its end.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                call, stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False, timeout=120
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read().decode(errors='replace')}")

    def start(self) -> None:
        """Start the server and wait until it answers.

        After a kill the old server's children hold its memory for a moment more: it tries again.
        """
        settings = (
            f"-h 127.0.0.1 -p {self.port} -k {self.folder} "
            "-c max_connections=40 -c shared_buffers=64MB"
        )
        log = str(self.folder / "log")
        words = ("-D", self._data, "-w", "-t", "60", "-l", log, "-o", settings, "start")
        for _ in range(40):
            try:
                self._run("pg_ctl", *words)
            except RuntimeError:
                time.sleep(0.25)
            else:
                return
        raise RuntimeError(Path(log).read_text()[-2000:])

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` is a crash that the next start recovers from."""
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "60", "-m", mode, "stop")

    def kill(self) -> None:
        """End the whole server with kill -9, as a power cut would, and wait until it is gone."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            # Its children notice by themselves; the port is free when the last one is gone.
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.05)
        raise RuntimeError("the server did not end")

    def close(self) -> None:
        """Stop the server and remove its data."""
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, *, schema: str = "", database: str = "postgres") -> str:
        """Give the address of a ledger on this server, in a schema of its own if named."""
        end = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://tester@127.0.0.1:{self.port}/{database}{end}"

    def sql(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement, each in a transaction of its own."""
        import psycopg

        where = f"host=127.0.0.1 port={self.port} user=tester dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
