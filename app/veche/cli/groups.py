"""What commands are to Typer: their help is for people."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command whose help names no types of Python."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # a class of Typer's own
        """Its arguments and options, and `--help`."""
        return _without_types(super().get_params(ctx))


class Group(TyperGroup):
    """A command that has others, with a help like theirs."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # a class of Typer's own
        """Its options, and `--help`."""
        return _without_types(super().get_params(ctx))


def _without_types(parameters: list[Any]) -> list[Any]:
    """Parameters as they are, but that the help has no type of arguments and of flags."""
    for each in parameters:
        if isinstance(each, TyperArgument) or each.is_flag:
            each.display_type_rich = lambda **_: None
    return parameters
