"""Write dataverse.json: what a Dataverse asks of a dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.archive.description import COMMAND, Description
from analysis.archive.licences import licences_in_words

__all__ = ["to_dataverse", "wanting"]

Field = dict[str, Any]

# The licences that every Dataverse offers, by its own names; any other is stated as terms of use.
OFFERED = {
    "CC0-1.0": {
        "name": "CC0 1.0",
        "uri": "http://creativecommons.org/publicdomain/zero/1.0",
    },
    "CC-BY-4.0": {
        "name": "CC BY 4.0",
        "uri": "http://creativecommons.org/licenses/by/4.0",
    },
}


def to_dataverse(deposit: Description) -> str:
    """Write a dataset as the native API of a Dataverse takes it, with the geospatial block.

    A Dataverse knows one licence, that of the text; the notes say the others.
    """
    citation, metadata = deposit.citation, deposit.metadata
    covers = [metadata.coverage(data, deposit.studies) for data in metadata.data]
    description = f"{citation.abstract.strip()} To reproduce it: {COMMAND}"
    fields = [
        _one("title", citation.title),
        _compounds(
            "author",
            [
                {
                    "authorName": author.listed,
                    "authorAffiliation": author.affiliation,
                    "authorIdentifierScheme": "ORCID" if author.identifier else None,
                    "authorIdentifier": author.identifier,
                }
                for author in citation.authors
            ],
        ),
        _compounds("dsDescription", [{"dsDescriptionValue": description}]),
        _vocabulary("subject", [metadata.subject]),
        _compounds("keyword", [{"keywordValue": word} for word in citation.keywords]),
        _compounds(
            "topicClassification",
            [{"topicClassValue": code, "topicClassVocab": "JEL"} for code in metadata.jel],
        ),
        _compounds(
            "timePeriodCovered",
            [
                {"timePeriodCoveredStart": first, "timePeriodCoveredEnd": last}
                for first, last in dict.fromkeys((cover.first, cover.last) for cover in covers)
            ],
        ),
        _one("productionDate", citation.date_released),
        _one("notesText", licences_in_words(metadata)),
    ]
    if metadata.contact is not None:
        contact = {
            "datasetContactName": metadata.contact.name,
            "datasetContactEmail": metadata.contact.email,
        }
        fields.append(_compounds("datasetContact", [contact]))
    places = dict.fromkeys((cover.country, cover.place) for cover in covers)
    geography = _compounds(
        "geographicCoverage",
        [{"country": country, "otherGeographicCoverage": place} for country, place in places],
        vocabulary=("country",),
    )
    text = metadata.licence.text
    terms = {"license": OFFERED[text]} if text in OFFERED else {"termsOfUse": text}
    content = {
        "datasetVersion": terms
        | {
            "metadataBlocks": {
                "citation": {"displayName": "Citation Metadata", "fields": fields},
                "geospatial": {"displayName": "Geospatial Metadata", "fields": [geography]},
            },
        }
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def wanting(deposit: Description) -> list[str]:
    """Say what a Dataverse asks for and the metadata do not have."""
    if deposit.metadata.contact is not None:
        return []
    return ["a Dataverse asks for a contact; add a table [contact] to data/metadata.toml"]


def _one(name: str, value: str) -> Field:
    return {"typeName": name, "typeClass": "primitive", "multiple": False, "value": value}


def _vocabulary(name: str, values: Sequence[str]) -> Field:
    kind = {"typeName": name, "typeClass": "controlledVocabulary", "multiple": True}
    return kind | {"value": list(values)}


def _compounds(
    name: str, values: Sequence[Mapping[str, str | None]], *, vocabulary: Sequence[str] = ()
) -> Field:
    """Write a field of several parts, without those that are not known."""
    filled: list[dict[str, Field]] = []
    for value in values:
        parts = {part: _one(part, text) for part, text in value.items() if text is not None}
        for part in vocabulary:
            parts[part]["typeClass"] = "controlledVocabulary"
        filled.append(parts)
    return {"typeName": name, "typeClass": "compound", "multiple": True, "value": filled}
