"""One turn: from a received message to the replies in the outbox, once and in order."""
