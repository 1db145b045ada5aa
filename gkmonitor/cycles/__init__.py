"""Inspection cycles: a round over registered portals, from the crawl to the ledger, safe to repeat at any point."""
