"""The download tables of a study file: what they may say, and what is refused."""

import pytest

from analysis.errors import StudyError
from analysis.study.download import Download
from analysis.study.strict import build_strictly

GIVEN = {
    "folder": "current",
    "protocol": "socrata",
    "address": "https://data.example.gov",
    "dataset": "abcd-1234",
    "order": "id",
    "select": ["id", "opened"],
}


def build(**changed):
    given = {key: value for key, value in (GIVEN | changed).items() if value is not None}
    return build_strictly(
        Download, given, title="not valid", error=StudyError, place=lambda location: str(location)
    )


def test_a_table_of_a_study_file_is_read():
    assert build().select == ("id", "opened")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"protocol": "soda"}, "socrata"),
        ({"page_size": 0}, "greater than or equal to 1"),
        ({"page_size": 100_000}, "less than or equal to 50000"),
        ({"order": "idd"}, "did you mean 'id'"),
        ({"select": ["id", "id"]}, "'id' more than once"),
        ({"select": ["id", 'a" FROM b']}, "no name of a column"),
        ({"select": []}, "at least 1"),
        ({"pagesize": 5}, "did you mean 'page_size'"),
        ({"folder": "../elsewhere"}, "match"),
        ({"dataset": "a/../b"}, "match"),
        ({"first_day": "2024-01-01"}, "go together"),
        ({"protocol": "open311"}, "go together"),
        ({"protocol": "open311", "first_day": "2024-01-01"}, "go together"),
        (
            {"protocol": "open311", "first_day": "2024-01-02", "last_day": "2024-01-01"},
            "after",
        ),
        (
            {"protocol": "open311", "first_day": "2024-02-30", "last_day": "2024-03-01"},
            "'2024-02-30' is not a day",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_refused(changed, message):
    with pytest.raises(StudyError, match=message):
        build(**changed)


@pytest.mark.parametrize(
    "address",
    [
        "https://data.example.gov?app_token=secret",
        "https://user:secret@data.example.gov",
        "ftp://data.example.gov",
        "data.example.gov",
    ],
)
def test_an_address_holds_no_secret(address):
    """Catches a token in the study file, from where it would go into the provenance file."""
    with pytest.raises(StudyError, match="match"):
        build(address=address)
