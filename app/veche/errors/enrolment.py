"""Errors in enrolment: codes, bindings and lists of codes."""

from __future__ import annotations

from veche.errors.root import Refused, VecheError


class UnknownCode(Refused):
    """The enrolment has no such code. It never had one, or officials have revoked it, or they have
    sent a new letter in its place: the answer is the same. No values.
    """

    reason = "this code is not one that is valid now"
    remedy = (
        "Check that the letter is your newest one, and of this enrolment. If it is, ask the "
        "officials for a new letter."
    )


class UnknownEnrolment(Refused):
    """A service has no enrolment with this id.

    Values: the id.
    """

    reason = "there is no enrolment {0} here"
    remedy = (
        "Copy the address from the letter again. If you are an official, first hand in the list "
        "of codes: run `veche enrol publish`."
    )


class EnrolmentClosed(Refused):
    """Somebody enrols, or officials change something, after the end of an enrolment.

    Values: the last second in which somebody could enrol, since 1970.
    """

    reason = "the enrolment ended at {0:time}"
    remedy = "It is too late to enrol. Ask the officials whether there is another way."


class NotSignedBy(Refused):
    """A binding or a list of codes is not signed, as it stands, by a key that has to sign it.

    Values: the address of the key that has to sign; the signer, zero if nobody has signed.
    """

    reason = "{1} signed this, not {0}"
    remedy = (
        "Hand it in as it was signed: it was changed on the way, or is for another enrolment. If "
        "you enrol, run the command again."
    )


class NotAnOfficial(Refused):
    """A list of codes is signed by somebody whom the service does not know as an official.

    Values: the signer.
    """

    reason = "{0} is not an official of this service"
    remedy = (
        "Sign with the key that the service was set up with; or ask whoever runs the service to "
        "name your address in its file, relay.toml."
    )


class OldEdition(Refused):
    """A list of codes is no newer than the one that the service has.

    Values: its edition, the newest edition.
    """

    reason = "this is edition {0} of the list, but edition {1} is here already"
    remedy = (
        "Another official has handed in a newer list, or your folder is an old copy: go on in the "
        "newest folder."
    )


class StaleBinding(Refused):
    """A code is bound by a later binding, or another one with the same number, already.

    Values: the address of the code's key, the number of the binding, the newest number.
    """

    reason = "binding {1} of this code is no newer than binding {2}"
    remedy = (
        "Run the command again: it shows which address the code is bound to, and asks whether to "
        "replace it."
    )


class AddressTaken(Refused):
    """An address is bound to another code already: a roll has each address once.

    Values: the address.
    """

    reason = "{0} is enrolled with another code already"
    remedy = (
        "Make a key of your own for each person: name a file that does not exist yet with "
        "--keystore."
    )


class InvalidCode(VecheError):
    """A text is not the code of a letter: it is mistyped. The message never repeats the code, but
    says which group is wrong, if that can be known.
    """

    remedy = (
        "Compare it with the letter, group by group. Capitals, blanks and dashes make no "
        "difference. If it is the same, ask the officials for a new letter."
    )
    exit_code = 3


class UnknownPerson(VecheError):
    """Nobody on the officials' list of people has this id."""

    remedy = "Copy the id from your list of people: `veche enrol status --csv FILE` writes all."
    exit_code = 3
