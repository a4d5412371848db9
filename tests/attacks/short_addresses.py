"""A model of the contract in a group of 2^16 numbers with addresses of 10 bits, and a forger there.

A point is its logarithm, a number mod n, as for a forger who knows the secret of Y: 1 stands for G,
addition of numbers for addition of points. What is left of the contract is what makes the attack
possible: it sees the addresses of U and V alone, and adds up what the hints say.

The forger gives all choices the same B. Without the offset k·x² all V are then −x·B, and one other
number with its address, once it is found for an x, is a second answer to every choice: 2^K answers
for one collision. With the offset every choice needs a collision of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

N = 65521
ADDRESSES = 1 << 10
CHOICES = 13
Y, H = 40487, 22229
"""The key, and the second generator, whose logarithm the forger does not use."""


def digest(*words: object) -> int:
    return int.from_bytes(keccak(repr(words).encode()), "big")


def address(point: int) -> int:
    return digest("address", point % N) % ADDRESSES


@dataclass(frozen=True)
class Ballot:
    """Choices of 0 or 1, so that there are two coefficients: E_1 is sent."""

    ciphertexts: tuple[tuple[int, int], ...]
    x: int
    responses: tuple[tuple[int, int], ...]
    w: int
    e1: int


Hints = Sequence[tuple[int, int]]
"""U and V of every choice, as the carrier says."""


@dataclass(frozen=True)
class Contract:
    """The verifier; `offset` is 1, or 0 where the offsets of the choices are left out."""

    offset: int

    def parts(self, ballot: Ballot) -> Iterator[tuple[int, int]]:
        """The true U and V of every choice."""
        for k, ((_, b), (f, z)) in enumerate(
            zip(ballot.ciphertexts, ballot.responses, strict=True)
        ):
            shift = self.shift(k, ballot.x)
            yield (f - shift + z * Y) % N, (shift - ballot.x * b) % N

    def shift(self, k: int, x: int) -> int:
        return self.offset * k * x * x

    def accepts(self, ballot: Ballot, hints: Hints) -> bool:
        opened = []
        for true, said, (a, _), (_, z) in zip(
            self.parts(ballot), hints, ballot.ciphertexts, ballot.responses, strict=True
        ):
            if list(map(address, true)) != list(map(address, said)):
                return False
            opened.append((address(z - ballot.x * a), sum(said) % N))
        tau = factor(ballot.ciphertexts)
        value = sum(
            pow(tau, k, N) * f * (f - ballot.x) for k, (f, _) in enumerate(ballot.responses)
        )
        e0 = (value + ballot.w * H - ballot.x * ballot.e1) % N
        return ballot.x == challenge(ballot.ciphertexts, opened, e0, ballot.e1)


def factor(ciphertexts: object) -> int:
    return digest("weights", ciphertexts) % N


def challenge(ciphertexts: object, opened: object, e0: int, e1: int) -> int:
    return digest("ballot", ciphertexts, opened, e0, e1) % N


# -- The forger --


class Forger:
    """Who knows the secret of Y, and has looked for numbers with the same address.

    The score of the first choice is given; those of the others are allowed.
    """

    def __init__(self, first: int) -> None:
        self.scores = (first, *(k % 2 for k in range(1, CHOICES)))
        self.b = digest("B") % N
        inverse = pow(Y, -1, N)
        self.r = [(self.b - m) * inverse % N for m in self.scores]
        self.ciphertexts = tuple((r, self.b) for r in self.r)
        self.rho, self.beta = ([digest(n, k) % N for k in range(CHOICES)] for n in ("rho", "beta"))
        self.opened = [(address(rho), beta) for rho, beta in zip(self.rho, self.beta, strict=True)]
        self.e = (digest("e0") % N, digest("e1") % N)
        self.known = {address(v): v for v in range(ADDRESSES // 32)}

    def forge(self, contract: Contract, tries: int) -> tuple[Ballot, Hints] | None:
        """A ballot that the contract accepts, with its hints, if so many x give one."""
        for sigma in range(tries):
            e0, e1 = self.e[0], (self.e[1] + sigma * H) % N
            x = challenge(self.ciphertexts, self.opened, e0, e1)
            answers = self._answers(contract, x)
            if answers is not None:
                responses, hints = answers
                return Ballot(self.ciphertexts, x, responses, sigma * x % N, e1), hints
        return None

    def prove(self) -> Ballot:
        """The ballot that an honest prover makes: accepted if the first score is allowed."""
        tau, e0, e1 = factor(self.ciphertexts), 0, 0
        for k, (rho, beta, m) in enumerate(zip(self.rho, self.beta, self.scores, strict=True)):
            alpha = beta - rho * Y
            e0 += pow(tau, k, N) * alpha * alpha
            e1 += pow(tau, k, N) * alpha * (2 * m - 1)
        x = challenge(self.ciphertexts, self.opened, e0 % N, e1 % N)
        true = Contract(offset=0)
        responses = tuple((self._f(k, x, -x * self.b, true), self._z(k, x)) for k in range(CHOICES))
        return Ballot(self.ciphertexts, x, responses, 0, e1 % N)

    def _answers(
        self, contract: Contract, x: int
    ) -> tuple[tuple[tuple[int, int], ...], Hints] | None:
        """Responses and hints for which P(x) is what the coefficients say."""
        tau = factor(self.ciphertexts)
        sums: dict[int, tuple[tuple[int, int], ...]] = {0: ()}
        for k in range(CHOICES):
            options = [(v, self._f(k, x, v, contract)) for v in self._parts(contract, k, x)]
            sums = {
                (total + pow(tau, k, N) * f * (f - x)) % N: (*chosen, (v, f))
                for total, chosen in sums.items()
                for v, f in options
            }
        chosen = sums.get((self.e[0] + self.e[1] * x) % N)
        if chosen is None:
            return None
        responses = tuple((f, self._z(k, x)) for k, (_, f) in enumerate(chosen))
        return responses, [((self.beta[k] - v) % N, v) for k, (v, _) in enumerate(chosen)]

    def _parts(self, contract: Contract, k: int, x: int) -> set[int]:
        """V, and what has its address."""
        true = (contract.shift(k, x) - x * self.b) % N
        return {true, self.known.get(address(true), true)}

    def _z(self, k: int, x: int) -> int:
        return (self.rho[k] + x * self.r[k]) % N

    def _f(self, k: int, x: int, v: int, contract: Contract) -> int:
        """The answer for which U is the rest of b."""
        return (self.beta[k] - v + contract.shift(k, x) - self._z(k, x) * Y) % N
