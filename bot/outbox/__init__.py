"""发件: what is to be said, durable before it is sent, with the state of its delivery."""
