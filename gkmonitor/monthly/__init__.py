"""The month in numbers: what was counted, how, and for whom. Pure: no I/O and no clock."""
