"""The door: messaging channels in, replies out, with a durable inbox and outbox between.

It knows channels and conversations, and never a case or a report.
"""
