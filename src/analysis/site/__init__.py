"""The review site: the results of a run as pages, for people who would rather look than run."""
