"""`python -m huldra` is `huldra`."""

from huldra.cli.main import run

if __name__ == "__main__":
    run()
