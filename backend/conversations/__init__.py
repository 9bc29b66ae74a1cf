"""Conversations (会话): who owns one, and everything said in it, in one append-only log."""
