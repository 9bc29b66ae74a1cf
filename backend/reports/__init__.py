"""诉求 Reports: what is broken where, whose it is now, and when it is due."""
