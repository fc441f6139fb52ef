"""A head can be signed and checked by somebody who has only the brief and an export."""

from __future__ import annotations

import json

import pytest

from intendance.errors import InputError
from intendance.exchange.jsonl import lines_of
from intendance.ledger.privacy import Viewer
from intendance.ledger.signing import Signature, follow_export, holds, make_key, sign


def test_a_signature_holds_for_its_head_alone(ledger, make, tmp_path):
    head = ledger.post([make("t:1")]).head
    public = make_key(tmp_path / "key")
    signed = sign(head, tmp_path / "key", "Ada")
    assert holds(signed)
    assert holds(signed, public)
    assert not holds(signed, "00" * 32)
    again = Signature.from_text(signed.as_text())
    assert again == signed
    for change in ({"entries": 2}, {"root": "0" * 64}, {"signature": "00" * 64}):
        forged = Signature(**{**json.loads(signed.as_text()), **change})
        assert not holds(forged)


def test_a_key_is_private_to_its_owner_and_never_overwritten(tmp_path):
    make_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="already"):
        make_key(tmp_path / "key")


def test_an_export_leads_to_the_root_and_any_changed_line_is_named(ledger, make):
    head = ledger.post([make(f"t:{n}") for n in range(5)]).head
    lines = list(lines_of(ledger))
    assert follow_export(lines).root == head.root
    changed = [*lines[:2], lines[2].replace("Poland", "Norway"), *lines[3:]]
    verdict = follow_export(changed)
    assert (verdict.intact, verdict.first_bad) == (False, 3)
    assert not follow_export([*lines[:2], *lines[3:]]).intact
    assert follow_export(["not json"]).first_bad == 1


def test_an_export_with_withheld_lines_still_leads_to_the_root(ledger, make):
    ledger.post([make("t:1"), make("t:2", marking="private:Poland"), make("t:3")])
    ledger.viewer = Viewer("reader")
    verdict = follow_export(lines_of(ledger))
    assert (verdict.root, verdict.intact, verdict.withheld) == (ledger.head().root, True, 1)


def test_text_that_is_no_signature_is_refused():
    for text in ("", "{}", '{"entries": "x"}', "[1]"):
        with pytest.raises(InputError):
            Signature.from_text(text)
