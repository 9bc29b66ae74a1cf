"""Handoffs (转人工): a citizen waits for a person, is answered, and comes back to the bot."""
