"""A trustee's signatures, bent or made for something else. No contract and no client takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from eth_account.messages import SignableMessage, encode_defunct, encode_typed_data

from veche.crypto.group import N
from veche.protocol.signature import Signature

Messages: TypeAlias = Iterator[tuple[str, SignableMessage]]
"""What an account may have signed, with its name."""

HIGHEST_BIT = 1 << 255


def bent(good: Signature) -> Iterator[tuple[str, Signature]]:
    """A good signature with one thing changed."""
    v, r, s = good.vrs
    other_parity = HIGHEST_BIT - int.from_bytes(good.vs, "big") // HIGHEST_BIT * HIGHEST_BIT
    yield "zero", _signature(0, 0)
    yield "r of zero", Signature(bytes(32), good.vs)
    yield "s of zero", _signature(r, 0)
    yield "s of zero and a parity", _signature(r, HIGHEST_BIT)
    yield "r of n", Signature(N.to_bytes(32, "big"), good.vs)
    yield "r beyond n", Signature((N + 1).to_bytes(32, "big"), good.vs)
    yield "the largest r", Signature(b"\xff" * 32, good.vs)
    yield "the other parity", Signature.of(55 - v, r, s)
    yield "n - s", _signature(r, N - s)
    yield "n - s and the other parity", _signature(r, (N - s) % HIGHEST_BIT | other_parity)
    yield "the least s that is too high", Signature.of(v, r, N // 2 + 1)
    yield "the largest s", Signature(good.r, b"\xff" * 32)
    yield "another r", _signature(r ^ 1, int.from_bytes(good.vs, "big"))
    yield "another s", Signature.of(v, r, s ^ 1)
    yield "halves in the other order", Signature(good.vs, good.r)


def _signature(r: int, vs: int) -> Signature:
    return Signature(r.to_bytes(32, "big"), vs.to_bytes(32, "big"))


def misdirected(
    message: Callable[..., SignableMessage], honest: Mapping[str, Any], others: Mapping[str, Any]
) -> Messages:
    """Messages that differ from the honest one in one value.

    Args:
        message: makes a message of its values.
        honest: the values of the honest one.
        others: another value for each of them.
    """
    for name in honest:
        yield f"another {name}", message(**{**honest, name: others[name]})


def in_other_domains(honest: SignableMessage, *, chain_id: int, board: str) -> Messages:
    """The same values as they are signed elsewhere.

    Args:
        honest: the honest message.
        chain_id: the id of the board's chain.
        board: the board's address.
    """
    domain = {"name": "Veche", "version": "2", "chainId": chain_id, "verifyingContract": board}
    changes: dict[str, dict[str, Any]] = {
        "version 1": {"version": "1"},
        "another name": {"name": "veche"},
        "a salt": {"salt": bytes(32)},
    }
    for name, change in changes.items():
        yield f"a domain with {name}", _under({**domain, **change}, honest)
    for name in domain:
        rest = {key: value for key, value in domain.items() if key != name}
        yield f"a domain without {name}", _under(rest, honest)
    yield "no domain", SignableMessage(honest.version, bytes(32), honest.body)
    yield "a text", encode_defunct(honest.body)


def _under(domain: dict[str, Any], message: SignableMessage) -> SignableMessage:
    types = {"Nothing": [{"name": "nothing", "type": "uint256"}]}
    other = encode_typed_data(domain, types, {"nothing": 0})
    return SignableMessage(message.version, other.header, message.body)
