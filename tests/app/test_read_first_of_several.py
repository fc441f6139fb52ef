"""A file of several documents says so; the package runs as the command."""

from __future__ import annotations

import json
import subprocess
import sys

from typer.testing import CliRunner

from intendance.app.main import app

ITEM = "<item><title>Aide</title><description>« Oui », a dit {name}.</description></item>"
FEED = f"<rss><channel><title>Delta</title>{ITEM.format(name='Ana Ruiz')}{{}}</channel></rss>"


def test_the_first_of_several_is_read_and_the_others_are_told_of(tmp_path):
    path = tmp_path / "feed.xml"
    for more, told in ((ITEM.format(name="Leo Roux"), "first document of several"), ("", "")):
        path.write_text(FEED.format(more), "utf-8")
        done = CliRunner().invoke(app, ["read", str(path), "--json"], catch_exceptions=False)
        assert done.exit_code == 0
        (said,) = json.loads(done.stdout)["statements"]
        assert said["speaker_name"] == "Ana Ruiz"
        assert told in done.stderr if told else not done.stderr


def test_the_package_is_the_command():
    call = [sys.executable, "-m", "intendance", "--version"]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("intendance")
