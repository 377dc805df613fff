"""Tests of what experiments import."""
