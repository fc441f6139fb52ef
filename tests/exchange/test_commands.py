"""The commands as people run them: exit codes, one JSON document, nothing half done."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date

import pytest

from intendance.exchange.sheet import read_drafts
from intendance.exchange.tables import read_sheets

CSV = """donor,item,quantity,announced on
Poland,Leopard 2A4,14,2023-01-25
Polland,Leopard 2A4,14,2023-01-25
"""


@pytest.fixture
def run(tmp_path):
    def command(*words):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from intendance.app.main import main; main()",
                *map(str, words),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "INTENDANCE_LEDGER": str(tmp_path / "aid.db"), "NO_COLOR": "1"},
        )
        assert "Traceback" not in done.stderr
        return done

    assert command("init").returncode == 0
    return command


def test_a_sheet_with_a_bad_cell_is_held_back_then_taken_in_part(run, tmp_path):
    (tmp_path / "aid.csv").write_text(CSV)
    back = tmp_path / "back.xlsx"
    held = run("import", "sheet", tmp_path / "aid.csv", "--json", "--corrected", back)
    found = json.loads(held.stdout)
    assert (held.returncode, found["entries"], len(found["set_aside"])) == (1, 0, 2)
    assert found["set_aside"][0]["column"] == "A3"
    assert back.exists()
    assert "--corrected" in run("import", "sheet", tmp_path / "aid.csv").stderr
    taken = run("import", "sheet", tmp_path / "aid.csv", "--json", "--accept-good")
    assert (taken.returncode, json.loads(taken.stdout)["entries"]) == (0, 1)


def test_a_template_is_written_and_read_back(run, tmp_path):
    out = tmp_path / "promesses.xlsx"
    assert run("template", "pledges", "--lang", "fr", "--out", out).returncode == 0
    assert read_sheets(out)[0].name == "promesses"
    assert run("import", "sheet", out).returncode == 3  # heads, but no rows
    assert run("template", "pledges").returncode == 2
    assert run("template", "wishes", "--out", out).returncode == 2


def test_options_of_spreadsheets_are_for_spreadsheets(run, tmp_path):
    done = run("import", "fts", tmp_path / "none.json", "--accept-good")
    assert (done.returncode, "spreadsheets" in done.stderr) == (2, True)


def test_refusals_have_their_exit_codes(run, tmp_path):
    (tmp_path / "x.xml").write_text("<a>")
    assert run("import", "iati", tmp_path / "x.xml").returncode == 3
    assert run("import", "hxl", tmp_path / "none.csv").returncode == 3
    assert run("import", "morse", tmp_path / "x.xml").returncode == 2
    assert run("export", "morse").returncode == 2
    refused = run("import", "kiel", tmp_path / "none.csv", "--json")
    assert json.loads(refused.stderr)["code"] == "input"
    assert refused.stdout == ""


def test_a_checked_total_adds_up_what_the_chain_holds_or_nothing(run, tmp_path):
    sheet = tmp_path / "pledges.csv"
    sheet.write_text("donor,amount,currency,announced on\nPoland,100,EUR,2023-01-25\n")
    assert run("import", "sheet", sheet).returncode == 0
    words = ("total", "--stage", "pledge", "--json")
    assert run(*words, "--checked").stdout == run(*words).stdout
    with closing(sqlite3.connect(tmp_path / "aid.db")) as base, base:
        base.execute("UPDATE entry SET body = replace(body, '\"100', '\"900')")
    refused = run(*words, "--checked")
    assert (refused.returncode, refused.stdout) == (5, "")
    assert "not intact" in refused.stderr


def test_an_export_says_what_it_leaves_out(run, tmp_path):
    sheet = tmp_path / "pledges.csv"
    sheet.write_text("donor,item,quantity,announced on\nPoland,Leopard 2A4,14,2023-01-25\n")
    assert run("import", "sheet", sheet).returncode == 0
    for name in ("iati", "fts"):
        done = run("export", name, "--out", tmp_path / f"out.{name}", "--json")
        left = ["1 lines without a known amount are left out."]
        assert (done.returncode, json.loads(done.stdout)["left_out"]) == (0, left)
        assert done.stderr.strip() == left[0]
    whole = run("export", "csv", "--out", tmp_path / "out.csv", "--json")
    assert (whole.stderr, json.loads(whole.stdout)["left_out"]) == ("", [])


def test_exports_go_to_standard_output_or_a_file(run, tmp_path):
    (tmp_path / "aid.csv").write_text("".join(CSV.splitlines(keepends=True)[:2]))
    assert run("import", "sheet", tmp_path / "aid.csv").returncode == 0
    assert run("export", "hxl").stdout.splitlines()[1].startswith("#activity+id,")
    assert json.loads(run("export", "fts").stdout)["data"]["flows"] == []
    assert run("export", "iati", "--out", tmp_path / "a.xml").returncode == 0
    assert (tmp_path / "a.xml").read_bytes().startswith(b"<?xml")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_table_of_one_s_own_rates(run, tmp_path):
    (tmp_path / "aid.csv").write_text(
        "donor,amount,currency,announced on\nPoland,100,USD,2023-01-25\n"
    )
    (tmp_path / "rates.csv").write_text("Date,USD\n2023-01-25,2.0\n")
    run("import", "sheet", tmp_path / "aid.csv", "--recorded-at", "2023-02-01")
    words = ("total", "--stage", "pledge", "--json", "--rates-file", tmp_path / "rates.csv")
    found = json.loads(run(*words).stdout)
    assert found["total"]["best"] == "50.00"
    assert found["definition"]["rate_table"] == "rates.csv"


def test_an_ods_sheet_is_read(tmp_path):
    rows = [line.split(",") for line in CSV.strip().splitlines()][:2]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="pledges">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "aid.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    (entry,) = read_drafts(path, date(2023, 6, 1)).entries
    assert (entry.donor, entry.item, entry.quantity.amount.best) == ("Poland", "leopard-2a4", 14)
