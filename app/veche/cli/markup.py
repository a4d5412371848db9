"""Pages in HTML: elements in which every text is a text, whoever wrote it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

from veche.protocol.characters import shown

TEMPLATE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{policy}"/>
<meta name="referrer" content="no-referrer"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Markup(str):
    """A piece of a page, which is put into others as it is. Any other text is escaped."""

    __slots__ = ()


def element(name: str, *inside: str, **attributes: str) -> Markup:
    """An element of a page.

    Args:
        name: its name.
        inside: the elements and texts in it.
        attributes: its attributes; `class_` stands for `class`.
    """
    given = "".join(f' {key.rstrip("_")}="{_safe(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{given}>{''.join(map(_safe, inside))}</{name}>")


def page(title: str, *body: Markup, style: str) -> str:
    """A page that asks nobody for anything: it has no script, and no style but this one.

    Args:
        title: its title.
        body: its elements.
        style: its style sheet, without the characters that end an element.
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return TEMPLATE.format(policy=policy, title=_safe(title), style=style, body="\n".join(body))


def _safe(text: str) -> str:
    return text if isinstance(text, Markup) else escape(shown(text))
