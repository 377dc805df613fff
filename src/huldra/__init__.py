"""The public names of huldra, handed out lazily. Nothing inside the package imports this module."""

__all__ = ["__version__"]  # pyright: ignore[reportUnsupportedDunderAll]  handed out by __getattr__


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  lazily: it costs more than the rest of a start

        return version("huldra-lab")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
