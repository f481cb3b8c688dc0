"""App tokens come from the environment, go to the portal's own host, and are written nowhere."""

import pytest

from analysis.errors import RunError

SECRET = "s3cret-t0ken"
VARIABLES = {"socrata": "SOCRATA_APP_TOKEN", "open311": "OPEN311_API_KEY"}
SENT = {"socrata": ("X-App-Token", SECRET), "open311": ("Authorization", f"Bearer {SECRET}")}


@pytest.fixture(params=sorted(VARIABLES))
def protocol(request, monkeypatch):
    monkeypatch.setenv(VARIABLES[request.param], SECRET)
    return request.param


def test_a_token_is_sent_and_not_written(protocol, portal, client):
    client.get(protocol)
    name, value = SENT[protocol]
    assert all(headers.get(name) == value for _, _, headers in portal.requests)
    for path in client.folder.iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_without_a_variable_nothing_is_sent(portal, client, monkeypatch):
    monkeypatch.delenv("SOCRATA_APP_TOKEN", raising=False)
    client.get("socrata")
    assert not any("X-App-Token" in headers for _, _, headers in portal.requests)


def test_a_token_for_one_protocol_is_not_sent_in_another(portal, client, monkeypatch):
    monkeypatch.setenv("SOCRATA_APP_TOKEN", SECRET)
    client.get("arcgis")
    assert not any(SECRET in str(headers) for _, _, headers in portal.requests)


def test_a_portal_that_repeats_the_token_does_not_bring_it_into_a_message(
    protocol, portal, client, monkeypatch
):
    sound = portal.answer

    def answer(path, query):
        reply = sound(path, query)
        reply.status = 403
        told = f"Invalid token {SECRET}"
        socrata = {"error": True, "message": told}
        reply.document = socrata if protocol == "socrata" else [{"code": 403, "description": told}]
        return reply

    monkeypatch.setattr(portal, "answer", answer)
    with pytest.raises(RunError, match="Invalid token …") as failure:
        client.get(protocol)
    assert SECRET not in str(failure.value)
    assert "the app token is wrong" in str(failure.value)


def test_a_signed_address_is_not_shown(portal, client):
    """Catches the secret in the address that a portal sends its clients on to."""
    portal.moved_to = f"{portal.url}/elsewhere?signature={SECRET}"
    with pytest.raises(RunError, match="/moved/resource") as failure:
        client.get("socrata", address=f"{portal.url}/moved")
    assert SECRET not in str(failure.value)


def test_a_token_does_not_follow_to_another_host(protocol, portal, client, server):
    """Catches what requests does with headers that it does not know to be secret."""
    other = server.Running()
    portal.moved_to = f"{other.portal.url}/elsewhere"
    try:
        with pytest.raises(RunError, match="404"):
            client.get(protocol, address=f"{portal.url}/moved")
    finally:
        other.close()
    assert SECRET in str(portal.requests)
    assert len(other.portal.requests) == 1
    assert SECRET not in str(other.portal.requests)
