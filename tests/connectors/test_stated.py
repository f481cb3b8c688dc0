"""An error is found in the ways of all four protocols, and data are not mistaken for one."""

import pytest

from analysis.connectors.stated import stated_error

ERRORS = [
    ({"success": False, "error": {"__type": "X", "message": "no"}}, 0, "no"),
    ({"success": False, "error": {"__type": "X", "query": ["bad"]}}, 0, "query: ['bad']"),
    ({"success": False}, 0, "the request failed, no reason given"),
    ({"error": True, "code": "x", "message": "no"}, 0, "no"),
    ({"error": {"code": 498, "message": "Invalid token.", "details": []}}, 498, "Invalid token."),
    ([{"code": "404", "description": "no such service"}], 404, "no such service"),
    ({"error": {}}, 0, "no reason given"),
]
DATA = [
    [],
    {},
    [{"code": 3, "description": "a pothole"}],
    [{"code": "404A", "description": "a street"}],
    [{"error": None}],
    {"success": True, "result": {"records": []}},
    {"features": [], "fields": []},
    None,
    7,
]


@pytest.mark.parametrize(("document", "code", "message"), ERRORS)
def test_an_error_is_found(document, code, message):
    found = stated_error(document)
    assert (found.code, found.message) == (code, message)


@pytest.mark.parametrize("document", DATA)
def test_data_are_no_error(document):
    assert stated_error(document) is None
