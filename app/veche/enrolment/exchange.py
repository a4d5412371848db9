"""What an office and the service tell each other: which codes are valid, and what is bound."""

from __future__ import annotations

from eth_account.signers.local import LocalAccount

from veche.enrolment.code_list import CodeList
from veche.enrolment.office import Office
from veche.enrolment.service import Service
from veche.errors import RelayError, UnknownEnrolment


def publish(office: Office, service: Service, official: LocalAccount) -> CodeList:
    """Tells the service which codes are valid now, unless it knows.

    Args:
        office: the officials' folder.
        service: the service of the enrolment.
        official: signs the list; the service takes lists of this address.

    Raises:
        RelayError: the service does not answer.
        Refused: the service refuses the list.
        InvalidFile: no enrolment is made, or the journal cannot be written.
    """
    listed = office.code_list(official)
    if office.register.listed < listed.edition or _edition(service) < listed.edition:
        service.publish(listed)
        office.note_listed(listed.edition)
    return listed


def _edition(service: Service) -> int:
    """The edition that the service has; 0 if it has none."""
    try:
        return service.head().number("edition")
    except UnknownEnrolment:
        return 0


def end(office: Office, service: Service, official: LocalAccount, *, now: int) -> None:
    """Has the service take no more bindings; raises as `publish`.

    Args:
        office: the officials' folder.
        service: the service of the enrolment.
        official: signs the last list.
        now: the time, in seconds since 1970.

    Raises:
        RelayError: the service still takes bindings.
    """
    office.close(now)
    publish(office, service, official)
    if service.head().flag("isOpen"):
        raise RelayError("the relay still takes bindings: its clock is behind yours", after=60)
