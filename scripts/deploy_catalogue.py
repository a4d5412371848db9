"""Deploys the catalogue of polls: brownie run deploy_catalogue main --network NAME."""

from __future__ import annotations

from veche.official import deploy_catalogue

from .session import run, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Deploys the catalogue, once for each network."""
    run(deploy_catalogue, arguments)
