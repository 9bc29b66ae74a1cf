"""收件: what citizens sent, durable before anybody is answered, in order per conversation."""
