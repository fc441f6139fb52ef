"""Every page opens for every role in both languages, with its twins."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PEOPLE

PAGES = ["/", "/ledger", "/account"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(client, path, language):
    for name in PEOPLE:
        answer = client(name, language).get(path)
        assert answer.status_code == 200, answer.text
        assert f'<html lang="{language}">' in answer.text
        base = path if path != "/" else "/today"
        for ending in ("json", "csv", "xlsx"):
            twin = client(name, language).get(f"{base}.{ending}")
            assert twin.status_code == 200, twin.text
