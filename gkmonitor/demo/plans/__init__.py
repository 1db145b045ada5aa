"""What each simulated portal holds: healthy sets of columns, and the portals with their faults and traps."""
