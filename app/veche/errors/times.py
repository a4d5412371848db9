"""Times as people read them: in messages, and wherever else one is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def time_text(seconds: int, zone: tzinfo | None = None) -> str:
    """A time in a zone, this machine's by default, and in UTC where that is another one.

    Args:
        seconds: since 1970.
        zone: to tell it in.
    """
    try:
        universal = datetime.fromtimestamp(seconds, UTC)
        local = universal.astimezone(zone)
    except (ValueError, OverflowError, OSError):  # a contract takes years of five digits
        return f"{seconds} seconds after 1970"
    told = f"{_plain(universal)} UTC"
    if local.utcoffset() == timedelta(0):
        return told
    offset = local.isoformat().partition("T")[2][len("09:00:00") :]
    return f"{_plain(local)} {offset} ({told})"


def _plain(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
