"""The words of `huldra manifest` and `huldra discover`. Imports nothing of ours: help is instant."""

import argparse
from typing import Literal

from msgspec import Struct


class ManifestOptions(Struct, frozen=True):
    """What `huldra manifest` does; the command that `huldra discover` runs, and the manifest that it adds to."""

    action: Literal["export", "check"] = "check"
    words: tuple[str, ...] = ()
    into: str | None = None


NO_MANIFEST = ManifestOptions()


def manifest_options(found: argparse.Namespace) -> ManifestOptions:
    """Return what a command line says of manifests."""
    words = tuple(getattr(found, "words", ()))
    return ManifestOptions(getattr(found, "action", "check"), words, getattr(found, "into", None))


def add_manifest(name: str, parser: argparse.ArgumentParser) -> None:
    """Effect: add what one of the two takes."""
    if name == "manifest":
        actions = ("export", "check")
        parser.add_argument(
            "action", metavar="{export,check}", choices=actions, help="export writes to stdout; check to judge"
        )
        parser.add_argument("targets", metavar="X", nargs="*", default=(), help="export only these: a class, or a hash")
    else:
        parser.add_argument("--into", metavar="FILE", help="the manifest to add to (default: write to stdout)")
        parser.add_argument("words", metavar="COMMAND", nargs="+", help="after --: the command and its arguments")
