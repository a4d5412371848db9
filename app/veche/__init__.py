"""Veche: polls on Ethereum that anyone can verify.

    chain = veche.connect("http://127.0.0.1:8545")
    poll = chain.poll("0x…", expect="<pollHash>")

Everything public stands here and in `veche.errors`. Each name is loaded when it is first used, so
that `import veche` is fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from veche import errors as errors
    from veche.carrier.carrier import Carrier
    from veche.carrier.outcomes import Carried, Outcome
    from veche.chain.board import Board
    from veche.chain.casting import CastReceipt
    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain, connect
    from veche.chain.fees import FeeCap
    from veche.chain.poll import Poll
    from veche.errors import Refused, VecheError
    from veche.files.roll import read_roll
    from veche.observer.node_evidence import NodeEvidence
    from veche.observer.record_evidence import RecordEvidence
    from veche.observer.record_writer import save_record
    from veche.observer.verification import Verification, verify
    from veche.protocol.audit import Audit
    from veche.protocol.ballot import PreparedBallot, SignedBallot
    from veche.protocol.phase import BoardPhase, Phase
    from veche.protocol.roll import Roll
    from veche.protocol.roll_proof import RollProof
    from veche.trust.report import Verdict

__all__ = [
    "Audit",
    "Board",
    "BoardPhase",
    "Carried",
    "Carrier",
    "CastReceipt",
    "Catalogue",
    "Chain",
    "FeeCap",
    "NodeEvidence",
    "Outcome",
    "Phase",
    "Poll",
    "PreparedBallot",
    "RecordEvidence",
    "Refused",
    "Roll",
    "RollProof",
    "SignedBallot",
    "VecheError",
    "Verdict",
    "Verification",
    "connect",
    "read_roll",
    "save_record",
    "verify",
]

_HOMES = {
    "Audit": "veche.protocol.audit",
    "Board": "veche.chain.board",
    "BoardPhase": "veche.protocol.phase",
    "Carried": "veche.carrier.outcomes",
    "Carrier": "veche.carrier.carrier",
    "CastReceipt": "veche.chain.casting",
    "Catalogue": "veche.chain.catalogue",
    "Chain": "veche.chain.connection",
    "FeeCap": "veche.chain.fees",
    "NodeEvidence": "veche.observer.node_evidence",
    "Outcome": "veche.carrier.outcomes",
    "Phase": "veche.protocol.phase",
    "Poll": "veche.chain.poll",
    "PreparedBallot": "veche.protocol.ballot",
    "RecordEvidence": "veche.observer.record_evidence",
    "Refused": "veche.errors",
    "Roll": "veche.protocol.roll",
    "RollProof": "veche.protocol.roll_proof",
    "SignedBallot": "veche.protocol.ballot",
    "VecheError": "veche.errors",
    "Verdict": "veche.trust.report",
    "Verification": "veche.observer.verification",
    "connect": "veche.chain.connection",
    "read_roll": "veche.files.roll",
    "save_record": "veche.observer.record_writer",
    "verify": "veche.observer.verification",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever is public
    if name == "errors":
        return import_module("veche.errors")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
