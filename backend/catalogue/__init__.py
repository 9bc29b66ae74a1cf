"""事项 The catalogue: what can be done where, with which papers; one standard, in versions."""
