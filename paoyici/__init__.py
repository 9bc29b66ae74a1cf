"""The one place that knows every room: composes, starts and talks to the running system."""
