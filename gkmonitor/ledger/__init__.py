"""The ledger: the life of a violation as a pure state machine, and the chain of its events. No storage, no clock."""
