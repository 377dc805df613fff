"""Unpack Neovim as Debian's suites have it beside the system's own, into editors/.hosts/neovim-VERSION.

Run as `python fetch_neovim.py 0.12 0.10`. Effects: downloads with apt-get, installs nothing; prints the programs.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

HOSTS = Path(__file__).resolve().parents[2] / ".hosts"
LIBRARIES = "libc6 libgcc-s1 libluajit-5.1-2 libluajit-5.1-common libunibilium4 libuv1t64 lua-lpeg lua-luv"
COMMON = f"{LIBRARIES} neovim neovim-runtime"
SUITES = {
    "0.12": ("forky", f"{COMMON} libtree-sitter0.26 libutf8proc3"),
    "0.10": ("trixie", f"{COMMON} libmsgpack-c2 libtree-sitter0.22 libvterm0"),
}
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
WRAPPER = """#!/bin/sh
# Runs the unpacked Neovim with the loader and the libraries that came with it.
root={root}
lib=$root/usr/lib/{triple}
export VIMRUNTIME=$root/usr/share/nvim/runtime
export LUA_PATH="$root/usr/share/lua/5.1/?.lua;;" LUA_CPATH="$lib/lua/5.1/?.so;;"
exec "$lib/{loader}" --library-path "$lib" "$root/usr/bin/nvim" "$@"
"""


def mirror() -> str:
    """Return the Debian mirror that this machine is set up for."""
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        text = place.read_text() if place.is_file() else ""
        for found in re.findall(r"^(?:URIs:|deb(?: \[[^]]*\])?)\s+(\S+)", text, re.MULTILINE):
            if found.rstrip("/").endswith("/debian"):
                return found
    raise SystemExit("no Debian mirror is set up in /etc/apt")


def fetch(version: str) -> Path:
    """Effect: download and unpack. Return the program."""
    suite, packages = SUITES[version]
    home = HOSTS / f"neovim-{version}"
    program = home / "nvim"
    if program.is_file():
        return program
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    options = {
        "Dir::Etc::sourcelist": home / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": home / "lists",
        "Dir::Cache": home / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "download", *packages.split()], check=True, cwd=home / "debs")
    for package in sorted((home / "debs").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(home / "root")], check=True)
    triple = next(path.name for path in (home / "root/usr/lib").glob("*-linux-gnu"))
    loader = next((home / "root/usr/lib" / triple).glob("ld-linux-*")).name
    program.write_text(WRAPPER.format(root=home / "root", triple=triple, loader=loader))
    program.chmod(0o755)
    return program


if __name__ == "__main__":
    if os.name != "posix":
        raise SystemExit("Debian's packages run on Linux only")
    for wanted in sys.argv[1:]:
        sys.stdout.write(f"{fetch(wanted)}\n")
