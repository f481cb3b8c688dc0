"""Write .zenodo.json: what Zenodo asks of a deposit."""

from __future__ import annotations

import json

from analysis.archive.description import COMMAND, Description
from analysis.archive.licences import licences_in_words

__all__ = ["to_zenodo"]


def to_zenodo(deposit: Description) -> str:
    """Write the metadata of a Zenodo deposit, as its deposit API and its repository hook take it.

    Zenodo knows one licence for all files, so that of the code or of the text stands for the whole,
    by what CITATION.cff says the compendium is; the notes say the others.
    """
    citation, metadata = deposit.citation, deposit.metadata
    covers = [(data, metadata.coverage(data, deposit.studies)) for data in metadata.data]
    main = metadata.licence.code if citation.type == "software" else metadata.licence.text
    content = {
        "title": citation.title,
        "upload_type": citation.type,
        "version": citation.version,
        "publication_date": citation.date_released,
        "description": f"<p>{citation.abstract.strip()}</p><p>To reproduce it: {COMMAND}</p>",
        "creators": [
            {"name": author.listed}
            | ({"affiliation": author.affiliation} if author.affiliation else {})
            | ({"orcid": author.identifier} if author.identifier else {})
            for author in citation.authors
        ],
        "access_right": "open",
        "license": main.lower(),
        "keywords": deposit.keywords,
        "language": metadata.language,
        "locations": [
            {"place": place} for place in dict.fromkeys(cover.where for _, cover in covers)
        ],
        "dates": [
            {"type": "Valid", "start": cover.first, "end": cover.last, "description": data.title}
            for data, cover in covers
        ],
        "notes": licences_in_words(deposit.metadata),
    }
    if citation.doi is not None:
        content["doi"] = citation.doi
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
