"""The worked samples: complete, honest about their sources, and plausible."""

from __future__ import annotations

import csv

import pytest

from intendance.errors import InputError
from intendance.sustain.forecast import forecast
from intendance.sustain.read import read_model
from intendance.sustain.samples import find_sample, names


@pytest.mark.parametrize("name", ["artillery", "winter"])
def test_every_row_says_where_it_comes_from(name: str) -> None:
    """Each row of each file is sourced with a link, or assumed without one."""
    for path in sorted(find_sample(name).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                assert row["basis"] in {"sourced", "assumed"}, path
                assert row["source"].startswith("https://") == (row["basis"] == "sourced"), path


@pytest.mark.parametrize("name", ["artillery", "winter"])
def test_samples_read_without_a_finding_and_forecast(name: str) -> None:
    """A sample has no finding, and its forecast asks for something within its requirements."""
    model = read_model(find_sample(name), needs_parts=True)
    assert model.findings == ()
    result = forecast(model, 120)
    assert result.asks
    assert all(min(row.ready) >= 0 for row in result.series)


def test_names() -> None:
    """The samples can be listed, and an unknown one is an error that lists them."""
    assert names() == ["artillery", "winter"]
    with pytest.raises(InputError) as caught:
        find_sample("../model")
    assert "artillery" in caught.value.next_step
