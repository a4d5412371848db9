"""Key ceremonies as trustees go through them, with the Python cryptography as their client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from support import samples
from veche.chain import arguments
from veche.crypto import deal_proof, equality_proof, sharing, transcript
from veche.crypto.deal_proof import Deal
from veche.crypto.equality_proof import BlameStatement
from veche.crypto.group import G, N, Point, Secret
from veche.crypto.sharing import Polynomial
from veche.crypto.sigma import random_secret
from veche.protocol.board import BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts

DEAL_IN, CONFIRM_IN = 1_000, 2_000
"""Seconds from convening to the deadlines."""


@dataclass
class Ceremony:
    """The trustees of a board, with all their secrets."""

    threshold: int = 2
    trustees: int = 3
    seed: str = "ceremony"
    polynomials: list[Polynomial] = field(init=False)
    sealing: list[Secret] = field(init=False)

    def __post_init__(self) -> None:
        entropy = samples.seeded(self.seed)
        self.sealing = [random_secret(entropy) for _ in self.indices]
        self.polynomials = [
            Polynomial.random(threshold=self.threshold, trustees=self.trustees, entropy=entropy)
            for _ in self.indices
        ]

    @property
    def indices(self) -> range:
        return range(1, self.trustees + 1)

    @property
    def sealing_keys(self) -> list[Point]:
        return [G * secret for secret in self.sealing]

    def account(self, index: int) -> LocalAccount:
        """The account of a trustee; the same on every board."""
        account: LocalAccount = Account.from_key(keccak(f"veche test trustee {index}".encode()))
        return account

    def terms(
        self,
        now: int,
        *,
        min_voters: int = 2,
        deal_by: int | None = None,
        confirm_by: int | None = None,
    ) -> BoardTerms:
        """What the board is convened with."""
        trustees = [
            TrusteeTerms(self.account(index).address, sealing_key)
            for index, sealing_key in zip(self.indices, self.sealing_keys, strict=True)
        ]
        names = [f"Trustee {index}" for index in self.indices]
        return BoardTerms(
            self.threshold,
            min_voters,
            now + DEAL_IN if deal_by is None else deal_by,
            now + CONFIRM_IN if confirm_by is None else confirm_by,
            tuple(trustees),
            BoardTexts("Вече", tuple(names)).encoded,
        )

    def deal(self, dealer: int, board_hash: bytes) -> Deal:
        return deal_proof.make(
            self.polynomials[dealer - 1],
            board_hash=board_hash,
            dealer=dealer,
            sealing_keys=self.sealing_keys,
            entropy=samples.seeded(f"{self.seed} deal {dealer}"),
        )

    def bad_deal(self, dealer: int, board_hash: bytes, recipient: int, share: int) -> Deal:
        """A deal with a valid proof in which one sealed share opens to this integer."""
        honest = self.deal(dealer, board_hash)
        entropy = samples.seeded(f"{self.seed} deal {dealer}")
        k, secret = random_secret(entropy), self.polynomials[dealer - 1].secret
        sealed = list(honest.sealed)
        change = self.polynomials[dealer - 1].evaluate(recipient).value ^ share
        opened = int.from_bytes(sealed[recipient - 1], "big") ^ change
        sealed[recipient - 1] = opened.to_bytes(32, "big")
        nonces = [random_secret(entropy).reveal() for _ in range(2)]
        c = transcript.deal_challenge(
            board_hash,
            dealer,
            commitments=honest.commitments,
            ephemeral=honest.ephemeral,
            sealed=sealed,
            first=((G * nonces[0]).address, (G * nonces[1]).address),
        )
        answers = [w + c * each.reveal() for w, each in zip(nonces, (secret, k), strict=True)]
        return Deal(honest.commitments, honest.ephemeral, tuple(sealed), c, *answers)

    def blame(self, dealer: int, recipient: int, board_hash: bytes, ephemeral: Point) -> list[Any]:
        """The arguments of TrusteeBoard.blame."""
        secret = self.sealing[recipient - 1]
        statement = BlameStatement(
            board_hash, dealer, recipient, G * secret, ephemeral, ephemeral * secret
        )
        proof = equality_proof.prove_blame(
            statement, secret, entropy=samples.seeded(f"{self.seed} blame")
        )
        hint = equality_proof.parts(proof, ephemeral, statement.shared)
        shared = statement.shared
        return [
            dealer,
            recipient,
            arguments.point(shared),
            arguments.proof(proof),
            arguments.hints([hint]),
        ]

    def secret(self, index: int) -> Secret:
        """x of a trustee."""
        return sharing.secret_share(each.share(index) for each in self.polynomials)

    def collude(self, at: int) -> None:
        """Bends the last polynomial so that the sum of all of them is 0 at this place."""
        others = sum(each.evaluate(at).value for each in self.polynomials[:-1])
        slope = [Secret(7)] * (self.threshold - 1)
        rest = sum(7 * at**k for k in range(1, self.threshold))
        self.polynomials[-1] = Polynomial([Secret((-others - rest) % N), *slope])
