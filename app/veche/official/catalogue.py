"""The official register: deployed once for a network."""

from __future__ import annotations

from veche.chain.catalogue import Catalogue
from veche.chain.transactions import OnSent
from veche.official.obstacles import Checks, require_funds
from veche.official.office import CATALOGUE, Office
from veche.official.plan import Plan, Step


def deploy_catalogue(office: Office) -> Catalogue:
    """Deploys the catalogue, owned by the account, unless there is one.

    Raises:
        Declined: the official does not want it.
        InsufficientFunds: the account has no ether.
    """
    office.settle()
    if office.deployments.catalogue is None:
        office.carry_out(_plan(office))
    catalogue = office.catalogue
    office.say(
        f"The catalogue of network {office.network} is at {catalogue.address}; "
        f"{catalogue.owner} owns it.\n"
        "Tell it to voters and trustees: what it does not list is not official.\n"
        f"It is noted in {office.deployments.path}: keep that file.\n"
        f"Next: {office.command('convene_board', 'board.toml')}"
    )
    return catalogue


def _plan(office: Office) -> Plan:
    checks = Checks()
    with checks.noting():
        require_funds(office.chain)
    checks.require_none()

    def take(on_sent: OnSent) -> str:
        return office.chain.deploy_catalogue(on_sent=on_sent).address

    return Plan(
        "Deploy the catalogue, the official register of polls",
        [*office.facts(), ("owner", f"{office.account}: it alone publishes and cancels polls")],
        [Step(CATALOGUE, "create the catalogue", take)],
    )
