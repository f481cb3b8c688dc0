"""Executed notebooks as HTML for reading: one file that asks nothing of the network."""

from __future__ import annotations

from typing import Any

from jinja2 import DictLoader
from nbconvert import HTMLExporter
from nbformat import NotebookNode

__all__ = ["to_html"]

# It carries no types.
_exporter: Any = HTMLExporter

# JupyterLab's look without its scripts, which would be fetched from elsewhere.
_TEMPLATE = """\
{%- extends "lab/index.html.j2" -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
"""


def to_html(notebook: NotebookNode, title: str) -> str:
    """Write an executed notebook as one HTML page.

    Parameters
    ----------
    notebook
        An executed notebook.
    title
        The title of the browser's window.

    Returns
    -------
    str
        A page with its styles and pictures inside it and no scripts.
    """
    exporter = _exporter(
        extra_loaders=[DictLoader({"reading.html.j2": _TEMPLATE})],
        template_file="reading.html.j2",
        embed_images=True,
        exclude_anchor_links=True,
    )
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return str(page)
