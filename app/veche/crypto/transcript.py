"""Every hash of the protocol, with its tag and its words (PROTOCOL §1).

A hash input is a sequence of 32-byte big-endian words: a number, an address or a hash fills one, a
point two, a list is preceded by its length. `contracts/crypto/Transcript.sol` says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, TypeAlias

from veche.crypto.group import N, Point, Scalar, Secret
from veche.crypto.keccak import keccak
from veche.errors import InvalidWord

WORD: Final = 32
"""The bytes of a word."""

Atom: TypeAlias = int | bytes | Point
Item: TypeAlias = Atom | tuple[Atom, ...]
Part: TypeAlias = Atom | Sequence[Item]


class Encoded(bytes):
    """The words of a part that many hashes share, computed once by `encoded`."""


@cache
def tag(use: str) -> bytes:
    """The first word of every hash: 32 bytes that say what it is for."""
    return keccak(b"veche/v2/" + use.encode())


def words(parts: Iterable[Part]) -> bytes:
    """The words of a hash input: atoms as they are, lists after their length in items."""
    return b"".join([_part(part) for part in parts])


def digest(use: str, *parts: Part) -> bytes:
    """H(tag `use`, parts…): 32 bytes."""
    return keccak(tag(use) + words(parts))


def scalar(data: bytes) -> Scalar:
    """A hash as a scalar: reduced mod n."""
    return Scalar(int.from_bytes(data, "big") % N)


def encoded(part: Part) -> Encoded:
    """The words of a part, to be used in many hashes."""
    return Encoded(_part(part))


def _part(part: Part) -> bytes:
    if isinstance(part, Encoded):
        return part
    if isinstance(part, _ATOMS):
        return _atom(part)
    return b"".join([_atom(len(part)), *map(_item, part)])


def _item(item: Item) -> bytes:
    return b"".join(map(_atom, item)) if isinstance(item, tuple) else _atom(item)


_ATOMS: Final = (int, bytes, Point)  # a union would be made anew for every part


def _atom(atom: Atom) -> bytes:
    if isinstance(atom, Point):
        return atom.encoded
    if isinstance(atom, int):
        try:
            return atom.to_bytes(WORD, "big")
        except OverflowError:
            raise InvalidWord(reason=f"{atom} does not fit in a word of 256 bits") from None
    if len(atom) != WORD:
        raise InvalidWord(reason=f"a word has {WORD} bytes, this has {len(atom)}")
    return atom


# -- Board --


def board_hash(
    *,
    chain_id: int,
    board: int,
    threshold: int,
    min_voters: int,
    deal_by: int,
    confirm_by: int,
    content_hash: bytes,
    trustees: Sequence[tuple[int, Point]],
) -> bytes:
    """The context of a board: its chain, address, rules, texts and trustees (PROTOCOL §2).

    Args:
        chain_id: the chain's EIP-155 id.
        board: the contract's address, as a number.
        threshold: how many trustees decrypt, t.
        min_voters: the fewest voters that the board decrypts for.
        deal_by: the deadline for deals, seconds since 1970.
        confirm_by: the deadline for confirmations, seconds since 1970.
        content_hash: the hash of the board's texts.
        trustees: account and sealing key of each, in order.
    """
    rules = (len(trustees), threshold, min_voters, deal_by, confirm_by, content_hash)
    return digest("board", chain_id, board, *rules, list(trustees))


def deal_challenge(
    board_hash: bytes,
    dealer: int,
    *,
    commitments: Sequence[Point],
    ephemeral: Point,
    sealed: Sequence[bytes],
    first: tuple[int, int],
) -> Scalar:
    """The challenge of a deal's proof (PROTOCOL §2).

    Args:
        board_hash: the context.
        dealer: the dealer's index, from 1.
        commitments: C_0 … C_{t-1}.
        ephemeral: R.
        sealed: the sealed share of every trustee.
        first: the addresses of the proof's two commitments.
    """
    statement = (list(commitments), ephemeral, list(sealed))
    return scalar(digest("deal", board_hash, dealer, *statement, *first))


def deals_hash(previous: bytes, dealer: int, challenge: Scalar) -> bytes:
    """What all deals so far add up to, with the deal just made (PROTOCOL §2)."""
    return digest("deals", previous, dealer, challenge.value)


def seal_pad(board_hash: bytes, dealer: int, recipient: int, shared: Point) -> bytes:
    """The pad that hides a share; `shared` is k·E_j = e_j·R (PROTOCOL §2)."""
    return digest("seal", board_hash, dealer, recipient, shared)


def blame_challenge(
    board_hash: bytes,
    dealer: int,
    recipient: int,
    *,
    sealing_key: Point,
    ephemeral: Point,
    shared: Point,
    first: int,
    second: Point,
) -> Scalar:
    """The challenge of a blame's proof (PROTOCOL §2).

    Args:
        board_hash: the context.
        dealer: who is blamed, from 1.
        recipient: who blames, from 1.
        sealing_key: E_j.
        ephemeral: R_i.
        shared: S = e_j·R_i.
        first: address of the commitment to base G.
        second: the commitment to base R_i.
    """
    statement = (sealing_key, ephemeral, shared)
    return scalar(digest("blame", board_hash, dealer, recipient, *statement, first, second))


# -- Poll --


def poll_hash(
    *,
    chain_id: int,
    poll: int,
    board: int,
    board_hash: bytes,
    key: Point,
    roll_root: bytes,
    total_weight: int,
    opens: int,
    closes: int,
    min_voters: int,
    content_hash: bytes,
    questions: Sequence[tuple[int, int, int, int]],
) -> bytes:
    """The context of a poll: everything that defines it (PROTOCOL §3).

    Args:
        chain_id: the chain's EIP-155 id.
        poll: the contract's address, as a number.
        board: its board's address, as a number.
        board_hash: the context of its board.
        key: the board's encryption key, Y.
        roll_root: the Merkle root of the electoral roll.
        total_weight: the sum of all weights on the roll.
        opens: seconds since 1970.
        closes: seconds since 1970.
        min_voters: the fewest voters that a result is computed for.
        content_hash: keccak256 of the poll's words in UTF-8.
        questions: options, maxScore, minTotal and maxTotal of each.
    """
    place = (chain_id, poll, board, board_hash, key)
    rules = (roll_root, total_weight, opens, closes, min_voters, content_hash)
    return digest("poll", *place, *rules, list(questions))


def tracker(
    poll_hash: bytes,
    *,
    voter: int,
    weight: int,
    replaces: bytes,
    ciphertexts: Sequence[tuple[Point, Point]],
) -> bytes:
    """The name of a ballot: poll, voter and what is encrypted (PROTOCOL §3).

    Args:
        poll_hash: the context.
        voter: the voter's address, as a number.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that this one replaces, or 32 zero bytes.
        ciphertexts: A and B of every choice.
    """
    return digest("tracker", poll_hash, voter, weight, replaces, list(ciphertexts))


def statement_factor(tracker: bytes) -> Scalar:
    """The factor τ, whose powers weigh the statements of a ballot (PROTOCOL §3)."""
    return scalar(digest("weights", tracker))


def ballot_challenge(
    tracker: bytes, commitments: Sequence[tuple[int, Point]], coefficients: Sequence[Point]
) -> Scalar:
    """The one challenge of a ballot (PROTOCOL §3).

    Args:
        tracker: of the ballot.
        commitments: address(a) and b of every choice.
        coefficients: E_0, E_1, …, E_{D−1}.
    """
    return scalar(digest("ballot", tracker, list(commitments), list(coefficients)))


# -- Result --


def sums_hash(poll_hash: bytes, sums: Sequence[tuple[Point, Point]]) -> bytes:
    """What a trustee decrypts: the sums A and B of every choice (PROTOCOL §4)."""
    return digest("sums", poll_hash, list(sums))


def share_challenge(
    poll_hash: bytes,
    trustee: int,
    *,
    verification_key: Point,
    sums: Sequence[Point],
    points: Sequence[Point],
    first: int,
    others: Sequence[Point],
) -> Scalar:
    """The challenge of a decryption share's proof (PROTOCOL §4).

    Args:
        poll_hash: the context.
        trustee: the trustee's index, from 1.
        verification_key: V_i.
        sums: A of every choice.
        points: D of every choice.
        first: address of the commitment to base G.
        others: the commitment to base A of every choice whose A is not infinity.
    """
    statement = (verification_key, list(sums), list(points))
    return scalar(digest("share", poll_hash, trustee, *statement, first, list(others)))


# -- Prover --


def statement_hash(*parts: Part) -> bytes:
    """What a proof nonce is bound to: all that is shown, and the nonce's place in its proof."""
    return digest("statement", *parts)


def nonce_hash(entropy: bytes, secret: Secret, statement: bytes) -> Scalar:
    """What a proof nonce is made of: 32 random bytes, the secret, the statement's hash."""
    return scalar(digest("nonce", entropy, secret.to_bytes(), statement))


def randomness_hash(
    entropy: bytes, place: bytes, scores: Sequence[int] | Encoded, choice: int
) -> Scalar:
    """What the randomness of a ciphertext is made of (PROTOCOL §1).

    Args:
        entropy: 32 random bytes.
        place: the hash of poll, voter and replaced ballot.
        scores: of every choice, or their words.
        choice: the index of the choice that is encrypted.
    """
    return scalar(digest("randomness", entropy, place, scores, choice))
