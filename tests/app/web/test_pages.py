"""Every page opens for every role in both languages, with its twins."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PEOPLE

PAGES = ["/", "/ledger", "/ledger/entries", "/ledger/entry?id=own:A", "/account", "/jobs"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(client, path, language):
    for name in PEOPLE:
        answer = client(name, language).get(path)
        assert answer.status_code == 200, answer.text
        assert f'<html lang="{language}">' in answer.text
        base, _, query = (path if path != "/" else "/today").partition("?")
        for ending in ("json", "csv", "xlsx"):
            twin = client(name, language).get(f"{base}.{ending}?{query}")
            assert twin.status_code == 200, twin.text


@pytest.mark.parametrize("path", ["/admin", "/admin/trail", "/admin/rates"])
def test_administration_is_for_those_who_see_everything(client, path):
    for name in PEOPLE:
        expected = 200 if name in ("admin", "auditor") else 403
        for ending in ("", ".json", ".csv", ".xlsx"):
            assert client(name).get(path + ending).status_code == expected
    assert client("admin", "fr").get(path).status_code == 200
