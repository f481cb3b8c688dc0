"""The benchmark of ingest: generated tickets, hand-written peers, and a race between them."""
