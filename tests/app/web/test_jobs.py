"""Jobs: started, followed, stopped, lost; seen by their person alone."""

from __future__ import annotations

import time

import sqlalchemy as sa

from intendance.app.accounts import people, tables
from intendance.app.accounts.office import now
from intendance.app.web.jobs import LOST_SECONDS


def waited(context, job_id, person, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = context.jobs.find(job_id, person)
        if not found.open:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_job_runs_in_its_own_process_and_gives_its_result(client, context):
    admin = people.find(context.office, "admin")
    job_id = context.jobs.start("verify", "intendance.app.web.work_check:verify", {}, admin, "All")
    page = client("admin").get(f"/jobs/{job_id}")
    assert page.status_code == 200
    assert "All" in page.text
    done = waited(context, job_id, admin)
    assert done.state == "done", done
    assert done.result["intact"] is True
    assert done.progress["text"] == "read"
    figures = client("admin").get(f"/jobs/{job_id}.json").json()["figures"]
    assert figures["state"] == "done"
    assert "done" in client("admin").get("/jobs").text


def test_jobs_wait_for_their_turn_and_stop(client, context):
    clerk = people.find(context.office, "clerk")
    run = "intendance.app.web.work_check:verify"
    first = context.jobs.start("verify", run, {}, clerk)
    second = context.jobs.start("verify", run, {}, clerk)
    assert client("clerk").submit("/jobs/stop", job=second).status_code == 303
    assert waited(context, second, clerk).state == "stopped"
    assert waited(context, first, clerk).state == "done"


def test_a_job_is_seen_by_its_person_and_by_who_sees_everything(client, context):
    poland = people.find(context.office, "poland")
    job_id = context.jobs.start("verify", "intendance.app.web.work_check:verify", {}, poland, "PL")
    context.jobs.stop(job_id)
    for name in ("norway", "coordinator", "reader"):
        for path in (f"/jobs/{job_id}", f"/jobs/{job_id}.json", f"/jobs/{job_id}/files/x"):
            hidden = client(name).get(path)
            missing = client(name).get(path.replace(job_id, "0" * 32))
            assert hidden.status_code == missing.status_code == 404
        assert client(name).submit("/jobs/stop", job=job_id).status_code == 404
        assert "PL" not in client(name).get("/jobs.csv").text
    for name in ("poland", "admin", "auditor"):
        assert client(name).get(f"/jobs/{job_id}").status_code == 200


def test_failing_work_says_so_in_a_sentence(context):
    admin = people.find(context.office, "admin")
    job_id = context.jobs.start("import", "intendance.app.web.work_check:nothing", {}, admin)
    found = waited(context, job_id, admin)
    assert found.state == "failed"
    assert found.result["error"] == "The work failed."


def test_a_job_whose_server_died_is_lost(client, context):
    admin = people.find(context.office, "admin")
    done = context.jobs.start("verify", "intendance.app.web.work_check:verify", {}, admin)
    waited(context, done, admin)
    job = tables.job
    lost = "f" * 32
    with context.office.writing() as connection:
        row = dict(connection.execute(sa.select(job).where(job.c.id == done)).mappings().one())
        # Another server's job, that nobody here watches.
        row |= {"id": lost, "server": "e" * 32, "state": "running", "ended_at": None}
        row["beat_at"] = now() - LOST_SECONDS - 5
        connection.execute(sa.insert(job), [row])
    figures = client("admin").get(f"/jobs/{lost}.json").json()["figures"]
    assert figures["state"] == "lost"


def test_a_jobs_files_are_given_by_their_name_alone(client, context):
    admin = people.find(context.office, "admin")
    job_id = context.jobs.start("verify", "intendance.app.web.work_check:verify", {}, admin)
    folder = context.jobs.folder(job_id)
    folder.mkdir(parents=True)
    (folder / "plan.csv").write_text("a,b")
    (folder.parent / "other.csv").write_text("secret")
    browser = client("admin")
    assert browser.get(f"/jobs/{job_id}/files/plan.csv").text == "a,b"
    for name in ("other.csv", "..%2Fother.csv", "%2Fetc%2Fpasswd", ".."):
        assert browser.get(f"/jobs/{job_id}/files/{name}").status_code in (404, 200)
        assert "secret" not in browser.get(f"/jobs/{job_id}/files/{name}").text
    waited(context, job_id, admin)
