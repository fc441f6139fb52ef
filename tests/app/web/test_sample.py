"""The sample's ledger and the accounts of those who have signed in to it."""

from __future__ import annotations

import pytest
from tests.app.web.conftest import PASSWORD, aid

from intendance.app.accounts import people
from intendance.app.accounts.office import Office
from intendance.errors import UsageError
from intendance.exchange import portfolio
from intendance.ledger.ledger import Ledger
from intendance.review import demo


def test_a_demonstration_never_takes_accounts_away(tmp_path):
    """Also in ``out``, where a demonstration otherwise begins anew."""
    sample = portfolio.load(demo.DEFAULT_NAME)
    path = tmp_path / "out" / "sample.db"
    demo._build(sample, str(path))
    with Office.open(str(path)) as office:
        people.set_password(office, people.add(office, "ada", "admin"), PASSWORD)
    demo._build(sample, str(path))
    with Office.open(str(path)) as office:
        assert people.find(office, "ada").role == "admin"
    with Ledger.open(str(path)) as ledger:
        head = ledger.post([aid("mine", "1", "Japan")]).head
    with pytest.raises(UsageError, match="another ledger"):
        demo._build(sample, str(path))
    with Ledger.open(str(path)) as ledger:
        assert ledger.head() == head
