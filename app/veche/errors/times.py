"""Times as people read them, in messages and elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def time_text(seconds: int, zone: tzinfo | None = None) -> str:
    """A time in a zone, followed by the time in UTC if that differs.

    Args:
        seconds: since 1970.
        zone: the zone to show it in; by default that of this machine.
    """
    try:
        universal = datetime.fromtimestamp(seconds, UTC)
        local = universal.astimezone(zone)
    except (ValueError, OverflowError, OSError):  # a contract accepts years of five digits
        return f"{seconds} seconds after 1970"
    in_utc = f"{_plain(universal)} UTC"
    if local.utcoffset() == timedelta(0):
        return in_utc
    offset = local.isoformat().partition("T")[2][len("09:00:00") :]
    return f"{_plain(local)} {offset} ({in_utc})"


def _plain(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
