"""When clusters are few, and what is said about it."""

from __future__ import annotations

__all__ = ["FEW_CLUSTERS", "describe_bootstrap", "is_few"]

# The number that Angrist and Pischke (2009, ch. 8) give and Cameron and Miller (2015) discuss:
# with fewer clusters, t tests on CR1 errors reject true nulls too often.
FEW_CLUSTERS = 40


def is_few(clusters: int) -> bool:
    """Say whether there are too few clusters for CR1 errors and t tests.

    Examples
    --------
    >>> is_few(16), is_few(340)
    (True, False)
    """
    return clusters < FEW_CLUSTERS


def describe_bootstrap(kind: str, cluster: str, clusters: int, draws: str) -> str:
    """Say in words which bootstrap was used, how, and why."""
    return (
        f"{kind} by {cluster}, null imposed, {draws}, interval by inverting the test "
        f"({clusters} clusters, fewer than {FEW_CLUSTERS}); standard error CR1"
    )
