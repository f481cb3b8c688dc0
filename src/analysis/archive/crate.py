"""Write ro-crate-metadata.json: every file of a deposit, its licence and hash, and what made it."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from analysis.archive.description import COMMAND, Description
from analysis.archive.fields import licence_address
from analysis.study.schema import Study

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

__all__ = ["CRATE", "to_crate"]

CRATE = "ro-crate-metadata.json"
VERSION = "1.2"

Properties = dict[str, Any]

# What the standard library does not know, or knows differently on different machines.
_FORMATS = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".typ": "text/vnd.typst",
    ".bib": "text/x-bibtex",
    ".yml": "application/yaml",
}


def to_crate(deposit: Description, hashes: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    """Describe a deposit as an RO-Crate, version 1.2.

    Parameters
    ----------
    deposit
        What is deposited.
    hashes, sizes
        Path -> sha256 and bytes, of every file of the deposit but the crate itself. A file without
        a hash, such as the list of hashes, is described without one.

    Returns
    -------
    str
        JSON-LD: the compendium as root, a file entity for each file, a dataset for each folder of
        raw data, a study for each study file, authors, licences, places, and the command that makes
        the results from the data.
    """
    # It brings a web client along, which nothing else here needs.
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    licences = {str(item.path): item.licence for item in deposit.items}
    captions = {name: entry.caption for entry in deposit.entries for name in entry.files}
    own = deposit.metadata.licence.text
    for path, size in sizes.items():
        properties: Properties = {"name": path.rpartition("/")[2], "contentSize": str(size)}
        properties |= {"encodingFormat": _format(path)} | _licence(licences.get(path, own))
        if path in hashes:
            properties["sha256"] = hashes[path]
        if captions.get(path):
            properties["description"] = captions[path]
        if path.endswith(".py"):
            properties["@type"] = ["File", "SoftwareSourceCode"]
        crate.add_file(None, dest_path=path, properties=properties)
    authors = _add_authors(crate, deposit)
    for licence in dict.fromkeys([own, deposit.metadata.licence.code, *licences.values()]):
        if licence is not None:
            _add(crate, licence_address(licence), "CreativeWork", {"name": licence})
    _add_data(crate, deposit, sizes)
    for study in deposit.studies.values():
        _add_study(crate, deposit, study, sizes, authors)
    _add_command(crate, deposit, sizes)
    _describe_root(crate, deposit, authors)
    text = json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n"


def _format(path: str) -> str:
    suffix = path[path.rfind(".") :] if "." in path else ""
    return _FORMATS.get(suffix) or mimetypes.types_map.get(suffix, "text/plain")


def _licence(licence: str | None) -> Properties:
    return {} if licence is None else {"license": {"@id": licence_address(licence)}}


def _add(crate: ROCrate, identity: str, kind: str, properties: Properties) -> Properties:
    from rocrate.model.contextentity import ContextEntity

    crate.add(ContextEntity(crate, identity, properties={"@type": kind} | properties))
    return {"@id": identity}


def _add_authors(crate: ROCrate, deposit: Description) -> list[Properties]:
    references = []
    for number, author in enumerate(deposit.citation.authors, start=1):
        known = {"affiliation": author.affiliation, "email": author.email}
        if author.is_person:
            known |= {"familyName": author.family_names, "givenName": author.given_names}
        properties = {name: value for name, value in known.items() if value is not None}
        kind = "Person" if author.is_person else "Organization"
        identity = author.orcid or f"#author-{number}"
        references.append(_add(crate, identity, kind, {"name": author.listed} | properties))
    return references


def _add_data(crate: ROCrate, deposit: Description, paths: Iterable[str]) -> None:
    for data in deposit.metadata.data:
        folder = f"data/raw/{data.folder}"
        cover = deposit.metadata.coverage(data, deposit.studies)
        place = _add(crate, _anchor(cover.where), "Place", {"name": cover.where})
        properties = {
            "name": data.title,
            "description": f"{data.source}. Rights: {data.rights}.",
            "spatialCoverage": place,
            "temporalCoverage": cover.interval,
            "hasPart": _references(path for path in paths if path.startswith(f"{folder}/")),
        }
        crate.add_dataset(None, dest_path=folder, properties=properties | _licence(data.licence))
    for number, restricted in enumerate(deposit.metadata.restricted, start=1):
        files = [file for file in deposit.restricted if file.study == restricted.study]
        parts = [
            _add(
                crate,
                f"#restricted-{number}-{place}",
                "MediaObject",
                {"name": file.path, "sha256": file.sha256, "contentSize": str(file.size)},
            )
            for place, file in enumerate(files, start=1)
        ]
        if parts:
            said = {"name": restricted.title, "conditionsOfAccess": restricted.access}
            identity = f"#restricted-{restricted.study}"
            _add(crate, identity, "CreativeWork", said | {"hasPart": parts})


def _add_study(
    crate: ROCrate,
    deposit: Description,
    study: Study,
    paths: Iterable[str],
    authors: list[Properties],
) -> None:
    executed = f"notebooks/executed/{study.name}/"
    own = {f"notebooks/studies/{study.name}.toml", f"paper/ledger/{study.name}.json"}
    parts = [path for path in paths if path in own or path.startswith(executed)]
    properties = {
        "name": study.title_en,
        "alternateName": study.title_zh,
        "hasPart": _references([*parts, f"data/raw/{study.name}/"]),
        "author": authors,
    }
    if study.simulated:
        properties["description"] = "Its data are simulated."
    licence = _licence(deposit.metadata.licence.text)
    _add(crate, f"#study-{study.name}", "CreativeWork", properties | licence)


def _add_command(crate: ROCrate, deposit: Description, paths: Iterable[str]) -> None:
    folders = [f"data/raw/{data.folder}/" for data in deposit.metadata.data]
    made = [
        path
        for path in paths
        if path.startswith(("paper/figures/", "paper/tables/", "paper/ledger/"))
        or path == "paper/numbers.json"
        or (path.startswith("paper/") and path.endswith(".pdf"))
    ]
    properties = {
        "name": COMMAND,
        "description": "Makes the environment, then everything from raw data to the paper.",
        "instrument": {"@id": "reproduce.py"},
        "object": _references(folders),
        "result": _references(made),
    }
    _add(crate, "#reproduce", "CreateAction", properties)


def _describe_root(crate: ROCrate, deposit: Description, authors: list[Properties]) -> None:
    citation, metadata = deposit.citation, deposit.metadata
    covers = [metadata.coverage(data, deposit.studies) for data in metadata.data]
    licences = dict.fromkeys([metadata.licence.code, metadata.licence.text])
    root = crate.root_dataset
    root["name"] = citation.title
    root["description"] = citation.abstract.strip()
    root["datePublished"] = citation.date_released
    root["version"] = citation.version
    root["author"] = authors
    root["license"] = [{"@id": licence_address(licence)} for licence in licences]
    root["keywords"] = deposit.keywords
    root["inLanguage"] = metadata.language
    root["spatialCoverage"] = _references(dict.fromkeys(_anchor(c.where) for c in covers))
    root["temporalCoverage"] = list(dict.fromkeys(cover.interval for cover in covers))
    root["mentions"] = _references(
        ["#reproduce", *(f"#study-{name}" for name in deposit.studies)]
        + [f"#restricted-{name}" for name in dict.fromkeys(f.study for f in deposit.restricted)]
    )
    if citation.doi is not None:
        root["identifier"] = f"https://doi.org/{citation.doi}"


def _references(identities: Iterable[str]) -> list[Properties]:
    return [{"@id": name if name.startswith("#") else quote(name)} for name in identities]


def _anchor(words: str) -> str:
    plain = "".join(letter if letter.isalnum() else "-" for letter in words.lower())
    return f"#place-{'-'.join(filter(None, plain.split('-')))}"
