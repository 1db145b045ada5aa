"""Whole pages of families and sites that nobody tuned the readers to: made-up places, answers written down first."""
