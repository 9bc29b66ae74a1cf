"""The whole street as a process, and what strangers send it: bodies, bytes and broken HTTP."""
