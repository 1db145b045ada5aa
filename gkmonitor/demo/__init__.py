"""Simulated portals with planted faults and traps, served on loopback: for ``gkmonitor demo`` and for the tests."""
