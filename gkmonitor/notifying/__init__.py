"""Telling people: what is worth telling, when, through which channel; nothing twice, nothing lost."""
