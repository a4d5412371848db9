"""The most that a transaction may offer for its gas, whatever a node asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from veche.errors import TooExpensive
from veche.errors.amounts import ETHER, GWEI, ether_text, gwei_text

MAX_TIP: Final = 100 * GWEI
"""Maximum wei that a unit of gas may cost on top of the base fee, unless somebody allows more. It
is what crowded networks ask for in their worst hours.
"""
MAX_COST: Final = ETHER
"""Maximum wei that a transaction may cost, unless somebody allows more."""


@dataclass(frozen=True, slots=True)
class FeeCap:
    """The most that a transaction may offer. A node names the price of gas, so a lying node could
    have an account pay away all that it holds.

    Attributes:
        tip: wei for a unit of gas, on top of the base fee.
        cost: wei for the whole transaction: all gas that it may use, at the highest price.
    """

    tip: int = MAX_TIP
    cost: int = MAX_COST

    @classmethod
    def of(cls, tip: int | None, cost: int | None) -> FeeCap:
        """The cap with what somebody has set; None for as much as usual."""
        return cls(MAX_TIP if tip is None else tip, MAX_COST if cost is None else cost)

    def require(self, fields: Mapping[str, Any]) -> None:
        """Refuses the fields of a transaction that offers more.

        Raises:
            TooExpensive: the tip or the cost is larger than allowed.
        """
        tip = int(fields.get("maxPriorityFeePerGas", 0))
        if tip > self.tip:
            asked = f"the node asks for a tip of {gwei_text(tip)} for a unit of gas"
            raise TooExpensive(f"{asked}; at most {gwei_text(self.tip)} is allowed")
        gas, per_unit = int(fields["gas"]), price(fields)
        if gas * per_unit > self.cost:
            parts = f"{gas:,} units of gas at {gwei_text(per_unit)}"
            asked = f"the transaction could cost {ether_text(gas * per_unit)} ({parts})"
            raise TooExpensive(f"{asked}; at most {ether_text(self.cost)} is allowed")


USUAL: Final = FeeCap()
"""What transactions may offer unless somebody allows more or less."""


def most_cost(fields: Mapping[str, Any]) -> int:
    """The most that a transaction with these fields can cost, in wei, with what it sends."""
    return int(fields["gas"]) * price(fields) + int(fields["value"])


def price(fields: Mapping[str, Any]) -> int:
    """The most that a unit of gas can cost a transaction with these fields, in wei."""
    return int(fields.get("maxFeePerGas", fields.get("gasPrice", 0)))


def wei(text: str, unit: int) -> int | None:
    """An amount as people write it, in wei; None if the text is no amount.

    Args:
        text: a number, perhaps with a decimal point.
        unit: GWEI or ETHER.
    """
    try:
        found = Decimal(text) * unit
    except InvalidOperation:
        return None
    return int(found) if found.is_finite() and found >= 0 else None
