"""The exceptions of Veche.

    VecheError
    ├── Refused                  an input that the protocol does not accept
    │   ├── InvalidPoint
    │   ├── InvalidScalar
    │   ├── InvalidWord
    │   ├── InvalidQuestions
    │   ├── InvalidScores
    │   ├── InvalidThreshold
    │   ├── InvalidBallotShape
    │   ├── InvalidHintCount
    │   ├── InvalidHint
    │   ├── InvalidDealShape
    │   ├── InvalidShareShape
    │   ├── InvalidShare
    │   ├── InvalidQuorum
    │   ├── CommitmentAtInfinity
    │   ├── DegenerateSum
    │   ├── InvalidProof
    │   ├── InversionFailed
    │   ├── InvalidMinVoters
    │   ├── InvalidDeadlines
    │   ├── InvalidAccount
    │   ├── DuplicateSealingKey
    │   ├── NotSignedByTrustee
    │   ├── UnknownTrustee
    │   ├── WrongBoardPhase
    │   ├── DeadlinePassed
    │   ├── DeadlineNotPassed
    │   ├── AlreadyDealt
    │   ├── AlreadyConfirmed
    │   ├── WrongDealsHash
    │   ├── UnfoundedBlame
    │   ├── NotCatalogue
    │   ├── AlreadyInitialised
    │   ├── UnknownBoard
    │   ├── BoardNotReady
    │   ├── InvalidTimes
    │   ├── TooFewVoters
    │   ├── InvalidTotalWeight
    │   ├── EmptyContent
    │   ├── CloneArgumentsTooLong
    │   ├── WrongPhase
    │   ├── NotInitialised
    │   ├── HasBallots
    │   ├── InvalidSignature
    │   ├── BallotExpired
    │   ├── NotOnRoll
    │   ├── InvalidRollNodes
    │   ├── InvalidWeight
    │   ├── WrongTracker
    │   ├── WrongReplacedBallot
    │   ├── TooLittleGas
    │   ├── InvalidWeightedPoint
    │   ├── AlreadyShared
    │   ├── WrongSumsHash
    │   ├── TooFewShares
    │   ├── InvalidResultShape
    │   ├── WrongShare
    │   ├── ScoreTooLarge
    │   ├── InvalidCombination
    │   ├── WrongScore
    │   ├── UnknownPollId
    │   ├── UnknownVersion
    │   ├── OwnableUnauthorizedAccount
    │   ├── OwnableInvalidOwner
    │   ├── UnknownCode
    │   ├── UnknownEnrolment
    │   ├── EnrolmentClosed
    │   ├── NotSignedBy
    │   ├── NotAnOfficial
    │   ├── OldEdition
    │   ├── StaleBinding
    │   └── AddressTaken
    ├── InvalidCode              a code of a letter that is mistyped
    ├── UnknownPerson
    ├── InvalidRoll              an electoral roll that no poll can have
    ├── DiscreteLogNotFound
    ├── WrongRoll                a roll that is not the poll's
    ├── WrongRollProof           a proof that does not show a voter on the poll's roll
    ├── InvalidFile              the mistakes in a file, line by line
    ├── InvalidDocument
    ├── InvalidContent           texts that do not fit their poll
    ├── InvalidChoices
    ├── BallotSpent
    ├── AuditFailed
    ├── NoAccount
    ├── InvalidKeystore
    ├── NoPassword
    ├── WrongPassword
    ├── NotDeployed
    ├── AlreadyAnswered
    ├── NotConfirmed
    ├── AnsweredElsewhere        a trustee's folder was copied
    ├── ChecksFailed
    ├── Obstacles                all that prevents what officials want to do
    ├── AnotherRun               another run has done the same meanwhile
    ├── Declined
    ├── NodeError                a node does not answer as it should
    │   ├── NodeUnreachable
    │   ├── NodeBehind
    │   ├── NodeStandsStill
    │   ├── LogsMissing
    │   ├── NodeRefused
    │   │   ├── NodeForbids
    │   │   ├── NodeBusy
    │   │   └── HistoryPruned
    │   ├── EndlessAnswer
    │   ├── WrongAnswer
    │   └── TransactionPending
    ├── TransactionFailed
    ├── InsufficientFunds
    │   └── RelayWithoutEther
    ├── TooExpensive
    ├── WrongNetwork
    ├── UnknownContract
    ├── WrongPoll
    ├── IncompleteRoll
    ├── NoResult
    ├── NoEmbeddedChain
    ├── UnknownNetwork
    ├── NoNodeProgram
    ├── NodeStopped
    ├── RelayError               a relay does not do what it was asked for
    │   ├── RelayUnreachable
    │   ├── RelayFull
    │   ├── RelayStops
    │   ├── StoreFailed
    │   ├── TooManyRequests
    │   ├── RequestTooLarge
    │   ├── RequestTooSlow
    │   ├── MalformedRequest
    │   ├── UnknownResource
    │   ├── UnknownDocument
    │   └── ForbiddenMethod
    └── NoRelayPackages

If the contracts make the same refusal, their custom error has the same name, and the same values in
the same order. Every exception has a remedy, which says what to do about it, and the exit code of
the command. No message ever holds a secret.
"""

from __future__ import annotations

from veche.errors.boards import (
    AlreadyConfirmed,
    AlreadyDealt,
    DeadlineNotPassed,
    DeadlinePassed,
    DuplicateSealingKey,
    InvalidAccount,
    InvalidDeadlines,
    InvalidMinVoters,
    NotSignedByTrustee,
    UnfoundedBlame,
    UnknownTrustee,
    WrongBoardPhase,
    WrongDealsHash,
)
from veche.errors.enrolment import (
    AddressTaken,
    EnrolmentClosed,
    InvalidCode,
    NotAnOfficial,
    NotSignedBy,
    OldEdition,
    StaleBinding,
    UnknownCode,
    UnknownEnrolment,
    UnknownPerson,
)
from veche.errors.local import (
    AlreadyAnswered,
    AnotherRun,
    AnsweredElsewhere,
    AuditFailed,
    BallotSpent,
    ChecksFailed,
    Declined,
    DiscreteLogNotFound,
    InvalidChoices,
    InvalidContent,
    InvalidDocument,
    InvalidFile,
    InvalidKeystore,
    InvalidRoll,
    Mistake,
    NoAccount,
    NoPassword,
    NotConfirmed,
    NotDeployed,
    Obstacles,
    WrongPassword,
    WrongRoll,
    WrongRollProof,
)
from veche.errors.nodes import (
    EndlessAnswer,
    HistoryPruned,
    IncompleteRoll,
    InsufficientFunds,
    LogsMissing,
    NodeBehind,
    NodeBusy,
    NodeError,
    NodeForbids,
    NodeRefused,
    NodeStandsStill,
    NodeStopped,
    NodeUnreachable,
    NoEmbeddedChain,
    NoNodeProgram,
    NoResult,
    RelayWithoutEther,
    TooExpensive,
    TransactionFailed,
    TransactionPending,
    UnknownContract,
    UnknownNetwork,
    WrongAnswer,
    WrongNetwork,
    WrongPoll,
)
from veche.errors.polls import (
    AlreadyInitialised,
    AlreadyShared,
    BallotExpired,
    BoardNotReady,
    CloneArgumentsTooLong,
    EmptyContent,
    HasBallots,
    InvalidCombination,
    InvalidResultShape,
    InvalidRollNodes,
    InvalidSignature,
    InvalidTimes,
    InvalidTotalWeight,
    InvalidWeight,
    InvalidWeightedPoint,
    NotCatalogue,
    NotInitialised,
    NotOnRoll,
    OwnableInvalidOwner,
    OwnableUnauthorizedAccount,
    ScoreTooLarge,
    TooFewShares,
    TooFewVoters,
    TooLittleGas,
    UnknownBoard,
    UnknownPollId,
    UnknownVersion,
    WrongPhase,
    WrongReplacedBallot,
    WrongScore,
    WrongShare,
    WrongSumsHash,
    WrongTracker,
)
from veche.errors.proofs import (
    CommitmentAtInfinity,
    DegenerateSum,
    InvalidBallotShape,
    InvalidDealShape,
    InvalidHint,
    InvalidHintCount,
    InvalidPoint,
    InvalidProof,
    InvalidQuestions,
    InvalidQuorum,
    InvalidScalar,
    InvalidScores,
    InvalidShare,
    InvalidShareShape,
    InvalidThreshold,
    InvalidWord,
    InversionFailed,
)
from veche.errors.relay import (
    ForbiddenMethod,
    MalformedRequest,
    NoRelayPackages,
    RelayError,
    RelayFull,
    RelayStops,
    RelayUnreachable,
    RequestTooLarge,
    RequestTooSlow,
    StoreFailed,
    TooManyRequests,
    UnknownDocument,
    UnknownResource,
)
from veche.errors.root import (
    Refused,
    Value,
    VecheError,
)

__all__ = [
    "AddressTaken",
    "AlreadyAnswered",
    "AlreadyConfirmed",
    "AlreadyDealt",
    "AlreadyInitialised",
    "AlreadyShared",
    "AnotherRun",
    "AnsweredElsewhere",
    "AuditFailed",
    "BallotExpired",
    "BallotSpent",
    "BoardNotReady",
    "ChecksFailed",
    "CloneArgumentsTooLong",
    "CommitmentAtInfinity",
    "DeadlineNotPassed",
    "DeadlinePassed",
    "Declined",
    "DegenerateSum",
    "DiscreteLogNotFound",
    "DuplicateSealingKey",
    "EmptyContent",
    "EndlessAnswer",
    "EnrolmentClosed",
    "ForbiddenMethod",
    "HasBallots",
    "HistoryPruned",
    "IncompleteRoll",
    "InsufficientFunds",
    "InvalidAccount",
    "InvalidBallotShape",
    "InvalidChoices",
    "InvalidCode",
    "InvalidCombination",
    "InvalidContent",
    "InvalidDeadlines",
    "InvalidDealShape",
    "InvalidDocument",
    "InvalidFile",
    "InvalidHint",
    "InvalidHintCount",
    "InvalidKeystore",
    "InvalidMinVoters",
    "InvalidPoint",
    "InvalidProof",
    "InvalidQuestions",
    "InvalidQuorum",
    "InvalidResultShape",
    "InvalidRoll",
    "InvalidRollNodes",
    "InvalidScalar",
    "InvalidScores",
    "InvalidShare",
    "InvalidShareShape",
    "InvalidSignature",
    "InvalidThreshold",
    "InvalidTimes",
    "InvalidTotalWeight",
    "InvalidWeight",
    "InvalidWeightedPoint",
    "InvalidWord",
    "InversionFailed",
    "LogsMissing",
    "MalformedRequest",
    "Mistake",
    "NoAccount",
    "NoEmbeddedChain",
    "NoNodeProgram",
    "NoPassword",
    "NoRelayPackages",
    "NoResult",
    "NodeBehind",
    "NodeBusy",
    "NodeError",
    "NodeForbids",
    "NodeRefused",
    "NodeStandsStill",
    "NodeStopped",
    "NodeUnreachable",
    "NotAnOfficial",
    "NotCatalogue",
    "NotConfirmed",
    "NotDeployed",
    "NotInitialised",
    "NotOnRoll",
    "NotSignedBy",
    "NotSignedByTrustee",
    "Obstacles",
    "OldEdition",
    "OwnableInvalidOwner",
    "OwnableUnauthorizedAccount",
    "Refused",
    "RelayError",
    "RelayFull",
    "RelayStops",
    "RelayUnreachable",
    "RelayWithoutEther",
    "RequestTooLarge",
    "RequestTooSlow",
    "ScoreTooLarge",
    "StaleBinding",
    "StoreFailed",
    "TooExpensive",
    "TooFewShares",
    "TooFewVoters",
    "TooLittleGas",
    "TooManyRequests",
    "TransactionFailed",
    "TransactionPending",
    "UnfoundedBlame",
    "UnknownBoard",
    "UnknownCode",
    "UnknownContract",
    "UnknownDocument",
    "UnknownEnrolment",
    "UnknownNetwork",
    "UnknownPerson",
    "UnknownPollId",
    "UnknownResource",
    "UnknownTrustee",
    "UnknownVersion",
    "Value",
    "VecheError",
    "WrongAnswer",
    "WrongBoardPhase",
    "WrongDealsHash",
    "WrongNetwork",
    "WrongPassword",
    "WrongPhase",
    "WrongPoll",
    "WrongReplacedBallot",
    "WrongRoll",
    "WrongRollProof",
    "WrongScore",
    "WrongShare",
    "WrongSumsHash",
    "WrongTracker",
]
