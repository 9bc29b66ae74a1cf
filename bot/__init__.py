"""The door (跑一次): messaging channels in, replies out, nothing lost in between."""
