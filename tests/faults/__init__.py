"""`make faults`: parts of the real house are killed under load, and nothing may be missing."""
