"""Emulated messaging platforms: they judge what the door sends, and know nothing of its code."""
