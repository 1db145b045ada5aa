"""Backups: one file with every row and the evidence, written while the service runs, put back whole or not at all."""
