"""The answers in other programs' formats."""
