"""The catalogue, the official register of polls: deployed once for a network.

It is created with CREATE2, so that its address proves where its state comes from (PROTOCOL §2).
"""

from __future__ import annotations

from typing import Final

from veche.chain.catalogue import Catalogue
from veche.chain.creation import (
    CatalogueCreation,
    create,
    create_deployer,
    find_deployer,
    is_there,
)
from veche.chain.pending import OnSent
from veche.official.office import CATALOGUE, DEPLOYER, Office
from veche.official.plan import Plan, Step
from veche.official.requirements import require_funds

GAS: Final = 2_000_000
"""Gas that the smallest of the contracts takes at least."""


def deploy_catalogue(office: Office) -> Catalogue:
    """Deploys the catalogue, which the account then owns, unless one is deployed already.

    Raises:
        Declined: the official said no.
        InsufficientFunds: the account has no ether.
    """
    office.settle()
    if office.deployments.catalogue is None:
        _deploy(office)
    catalogue = office.catalogue
    office.say(
        f"The catalogue of network {office.network} is at {catalogue.address}; "
        f"{catalogue.owner} owns it.\n"
        "Tell voters and trustees this address: a poll that it does not list is not official.\n"
        f"The address is noted in {office.deployments.path}: keep that file.\n"
        f"Next: {office.command('convene_board', 'board.toml')}"
    )
    return catalogue


def _deploy(office: Office) -> None:
    """Takes every step that is missing; an earlier run may have taken some."""
    steps = _missing(office)
    if steps:
        require_funds(office.chain, gas=len(steps) * GAS)
        owner = f"{office.account}: it alone convenes boards, and publishes and cancels polls"
        facts = [*office.facts(), ("owner", owner)]
        office.carry_out(Plan("Deploy the catalogue, the official register of polls", facts, steps))
    office.note_catalogue(_creation(office).address)


def _creation(office: Office) -> CatalogueCreation:
    """What is created; the deployer must be there."""
    deployer = _deployer(office)
    assert deployer  # noqa: S101  # the first step has made it
    return CatalogueCreation(deployer, office.account)


def _deployer(office: Office) -> str | None:
    """The contract that creates the catalogue; None if there is none yet."""
    return find_deployer(office.chain.node) or office.deployments.deployer


def _missing(office: Office) -> list[Step]:
    node, names = office.chain.node, ("the code of polls", "the code of boards", "the catalogue")
    steps = [_step(office, index, name) for index, name in enumerate(names)]
    if _deployer(office) is None:

        def take(on_sent: OnSent) -> str:
            return create_deployer(office.chain.sender, on_sent=on_sent)

        return [Step(DEPLOYER, "create a deployer, which this network does not have", take), *steps]
    parts = zip(_creation(office).parts, steps, strict=True)
    return [step for part, step in parts if not is_there(node, part)]


def _step(office: Office, index: int, name: str) -> Step:
    def take(on_sent: OnSent) -> None:
        planned = _creation(office)
        part = planned.parts[index]
        if not is_there(office.chain.node, part):  # another official's run may have made it
            create(office.chain.sender, planned.deployer, part, on_sent=on_sent)

    return Step(f"{CATALOGUE} {index}", f"create {name}", take)
