"""Shards: the same bytes inline, on processes, on a cluster, and when a worker is killed."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from intendance import engine
from intendance.errors import InputError, UsageError
from intendance.intake import batch, shards
from intendance.intake.batch import Options

ARTICLE = (
    "OSLO, 21 avril (Delta) – La Finlande livrera {n} groupes électrogènes en mai, a annoncé "
    "la ministre Anna Korhonen à la presse de la ville numéro {n}.\n« Nous ne pouvons pas "
    "attendre l'hiver {n} », a déclaré le ministre Paul Durand."
)
SPORT = "Le match a fini sur un score nul, et le public est rentré chez lui."
RAIN = "Il a plu toute la nuit sur la côte, sans dégâts pour les vignes ni pour les champs."


def page(body: str) -> bytes:
    return f"<html><body><article><p>{body}</p></article></body></html>".encode()


def warc(path: Path, bodies: list[str]) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.name.endswith(".gz"))
        for number, body in enumerate(bodies):
            kind = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://example.org/{path.stem}/{number}",
                "response",
                payload=io.BytesIO(page(body)),
                http_headers=kind,
                warc_headers_dict={"WARC-Date": "2023-04-21T00:00:00Z"},
            )
            writer.write_record(record)


@pytest.fixture
def files(tmp_path):
    """Text, a page, two archives (the second one repeats the first's text), a broken PDF."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(ARTICLE.format(n=40), "utf-8")
    (folder / "sub" / "a.txt").write_text(ARTICLE.format(n=41), "utf-8")
    (folder / "b.html").write_bytes(page(ARTICLE.format(n=42)))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    warc(folder / "c.warc.gz", [ARTICLE.format(n=n) for n in (43, 44)] + [SPORT])
    warc(folder / "d.warc", [ARTICLE.format(n=43), RAIN])
    return batch.named_files([folder])


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_shards_are_the_same_on_processes_and_hold_what_happened(files, tmp_path):
    report = shards.run_shards(files, tmp_path / "one", Options())
    assert (report["files"], report["documents"], report["errors"]) == (6, 9, 1)
    notes = [json.loads(x) for x in (tmp_path / "one/manifest.jsonl").read_text().splitlines()]
    assert [each["file"] for each in notes] == sorted(files)
    assert {"sha256", "shard_sha256", "versions", "statements", "words"} <= set(notes[0])
    assert {"intendance", "rules", "trafilatura"} <= set(notes[0]["versions"])
    shards.run_shards(files, tmp_path / "two", Options(), workers=2)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_a_rerun_repeats_nothing_but_what_changed(files, tmp_path, monkeypatch):
    out = tmp_path / "out"
    shards.run_shards(files, out, Options())
    before = contents(out)
    made = []
    monkeypatch.setattr(shards, "lines_of", lambda *a: made.append(a[1]) or iter(()))
    shards.run_shards(files, out, Options())
    assert (made, contents(out)) == ([], before)
    files["a.txt"].write_text(ARTICLE.format(n=50), "utf-8")
    damaged = next(each for each in out.glob("b.html*.jsonl"))
    damaged.write_text("nothing")
    shards.run_shards(files, out, Options())
    assert made == ["a.txt", "b.html"]
    shards.run_shards(files, out, Options(language="fr"))
    assert len(made) == 2 + len(files)


def test_the_prefilter_leaves_sport_unread_and_says_so(files, tmp_path):
    report = shards.run_shards(files, tmp_path / "out", Options(topics=True))
    assert (report["documents"], report["skipped"]) == (9, 2)


def test_origins_name_the_first_of_each_text(files, tmp_path):
    out = tmp_path / "out"
    assert shards.run_shards(files, out, Options())["echoes"] == 1
    found = [json.loads(each) for each in (out / "origins.jsonl").read_text().splitlines()]
    echo = [each for each in found if each["origin"]["source"] != each["source"]]
    assert [(each["source"], each["origin"]["source"]) for each in echo] == [
        ("https://example.org/d/0", "https://example.org/c.warc/0")
    ]
    lines = [json.loads(each) for each in batch.lines(files["a.txt"].parent, Options())]
    assert [each["origin"] for each in lines] == [0, 1, 2, 3, 4, 5, 3, 7, 8]


def test_two_files_of_one_name_are_told_apart_or_refused(files, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UsageError, match=r"a\.txt"):
        batch.named_files([files["a.txt"], tmp_path / "a.txt"])
    assert {"a.txt", "sub/a.txt"} <= set(files)


def die_once(task):
    """End the worker that gets the third task, the first time."""
    mark, number = task
    if number == 2 and not Path(mark).exists():
        Path(mark).write_text("x")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die_always(task):
    os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_killed_process_changes_nothing(tmp_path):
    tasks = [(str(tmp_path / "mark"), number) for number in range(6)]
    assert list(engine.run(die_once, tasks, workers=2)) == [0, 1, 4, 9, 16, 25]
    assert (tmp_path / "mark").exists()


def test_a_task_that_always_kills_its_worker_is_told(files, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "TRIES", 2)
    with pytest.raises(engine.LostWorkersError, match="2 times"):
        list(engine.run(die_always, [1, 2], workers=2))


def test_no_scheduler_is_a_sentence(files, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 0.2)
    with pytest.raises(InputError, match="No Dask scheduler"):
        shards.run_shards(files, tmp_path / "out", Options(), cluster="tcp://127.0.0.1:9")


def kill_first_worker(cluster, folder: Path, killed: list[int]) -> None:
    """Kill the process of a worker as soon as the first shard stands."""
    until = time.monotonic() + 20
    while time.monotonic() < until and not list(folder.glob("*.manifest.json")):
        time.sleep(0.005)
    process = next(iter(cluster.workers.values())).process
    os.kill(process.pid, signal.SIGKILL)
    killed += [process.pid, len(list(folder.glob("*.manifest.json")))]


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(files, tmp_path):
    """A real local cluster of two processes on the loopback; one is killed in the run."""
    from distributed import LocalCluster

    folder = files["a.txt"].parent
    for number in range(30):
        (folder / f"e{number:02}.txt").write_text(ARTICLE.format(n=number + 60) * 10, "utf-8")
    many = batch.named_files([folder])
    shards.run_shards(many, tmp_path / "inline", Options(published=date(2023, 4, 21)))
    out = tmp_path / "cluster"
    out.mkdir()
    killed: list[int] = []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        host="127.0.0.1", silence_logs=50,
    ) as cluster:  # fmt: skip
        before = {each.process.pid for each in cluster.workers.values()}
        thread = Thread(target=kill_first_worker, args=(cluster, out, killed))
        thread.start()
        shards.run_shards(
            many, out, Options(published=date(2023, 4, 21)), cluster=cluster.scheduler_address
        )
        thread.join()
    pid, finished = killed
    assert pid in before
    assert finished < len(many)
    assert contents(out) == contents(tmp_path / "inline")
