"""The files that repositories read say what the citation, the metadata and the ledger say."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import yaml

from analysis.archive.codecheck import SPECIFICATION, to_codecheck, wanting
from analysis.archive.dataverse import to_dataverse
from analysis.archive.description import Description
from analysis.archive.licences import licences_as_text
from analysis.archive.metadata import Contact
from analysis.archive.zenodo import to_zenodo

PICTURE = "paper/figures/toy-volumes.png"


def test_codecheck_lists_each_output_and_where_it_is_made(description: Description) -> None:
    text = to_codecheck(description)
    content = yaml.safe_load(text)
    comments = {item["file"]: item["comment"] for item in content["manifest"]}
    assert text.startswith("%YAML 1.1\n---\n")
    assert content["version"] == SPECIFICATION
    assert comments[PICTURE] == (
        "figure toy-volumes; paper, page 2, 5; made by notebooks/02_describe.py, line 41; "
        "compare by pixels"
    )
    assert comments.keys() == {
        PICTURE,
        "paper/tables/toy-effect.json",
        "paper/numbers.json",
        "paper/paper.pdf",
    }
    assert content["paper"]["authors"] == [
        {"name": "Carberry, Josiah", "ORCID": "0000-0002-1825-0097"},
        {"name": "The toy makers"},
    ]
    assert "paper/paper.pdf" in content["paper"]["reference"]


def test_what_codecheck_wants_is_told(description: Description) -> None:
    orcid, doi = wanting(description)
    assert "The toy makers" in orcid
    assert "DOI" in doi


def test_a_doi_is_the_reference(description: Description) -> None:
    cited = dataclasses.replace(description.citation, doi="10.5281/zenodo.1")
    registered = dataclasses.replace(description, citation=cited)
    paper = yaml.safe_load(to_codecheck(registered))["paper"]
    assert paper["reference"] == "https://doi.org/10.5281/zenodo.1"
    assert json.loads(to_zenodo(registered))["doi"] == "10.5281/zenodo.1"


def test_zenodo_has_all_that_it_asks_for(description: Description) -> None:
    content = json.loads(to_zenodo(description))
    assert content["upload_type"] == "software"
    assert content["license"] == "mit"
    assert content["publication_date"] == "2026-03-01"
    assert content["creators"][0] == {"name": "Carberry, Josiah", "orcid": "0000-0002-1825-0097"}
    assert content["keywords"] == ["toys", "JEL D73"]
    assert content["locations"] == [{"place": "Toy town, Toyland"}]
    [span] = content["dates"]
    assert (span["start"], span["end"]) == ("2020-01", "2020-02")


def values(fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Reduce a Dataverse's fields to their values."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {name: part["value"] for name, part in value.items()}
        return value

    return {field["typeName"]: plain(field["value"]) for field in fields}


def test_a_dataverse_has_all_that_it_asks_for(description: Description) -> None:
    contact = Contact("Josiah Carberry", "carberry@example.org")
    metadata = dataclasses.replace(description.metadata, contact=contact)
    version = json.loads(to_dataverse(dataclasses.replace(description, metadata=metadata)))
    blocks = version["datasetVersion"]["metadataBlocks"]
    cited, placed = (values(blocks[name]["fields"]) for name in ("citation", "geospatial"))
    required = {"title", "author", "datasetContact", "dsDescription", "subject"}
    assert required <= cited.keys()
    assert cited["topicClassification"] == [{"topicClassValue": "D73", "topicClassVocab": "JEL"}]
    assert cited["timePeriodCovered"] == [
        {"timePeriodCoveredStart": "2020-01", "timePeriodCoveredEnd": "2020-02"}
    ]
    assert placed["geographicCoverage"] == [
        {"country": "Toyland", "otherGeographicCoverage": "Toy town"}
    ]
    assert version["datasetVersion"]["license"]["name"] == "CC BY 4.0"


def test_licences_are_split(description: Description) -> None:
    text = licences_as_text(description.metadata)
    for licence in ("MIT", "CC-BY-4.0", "CC0-1.0"):
        assert f"[{licence}](https://spdx.org/licenses/{licence})" in text
