"""The catalogue, the official register of polls: deployed once for a network."""

from __future__ import annotations

from veche.chain.catalogue import Catalogue
from veche.chain.transactions import OnSent
from veche.official.office import CATALOGUE, Office
from veche.official.plan import Plan, Step
from veche.official.requirements import require_funds


def deploy_catalogue(office: Office) -> Catalogue:
    """Deploys the catalogue, which the account then owns, unless one is deployed already.

    Raises:
        Declined: the official said no.
        InsufficientFunds: the account has no ether.
    """
    office.settle()
    if office.deployments.catalogue is None:
        office.carry_out(_plan(office))
    catalogue = office.catalogue
    office.say(
        f"The catalogue of network {office.network} is at {catalogue.address}; "
        f"{catalogue.owner} owns it.\n"
        "Tell voters and trustees this address: a poll that it does not list is not official.\n"
        f"The address is noted in {office.deployments.path}: keep that file.\n"
        f"Next: {office.command('convene_board', 'board.toml')}"
    )
    return catalogue


def _plan(office: Office) -> Plan:
    require_funds(office.chain)

    def take(on_sent: OnSent) -> str:
        return office.chain.deploy_catalogue(on_sent=on_sent).address

    return Plan(
        "Deploy the catalogue, the official register of polls",
        [*office.facts(), ("owner", f"{office.account}: it alone publishes and cancels polls")],
        [Step(CATALOGUE, "create the catalogue", take)],
    )
