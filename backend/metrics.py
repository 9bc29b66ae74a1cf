"""What Prometheus may know of the office: counts and times, never whose."""

from __future__ import annotations

from prometheus_client import Counter, Enum, Gauge, Histogram

REQUESTS = Histogram("office_request_seconds", "Time of an answer.", ["method", "route"])
ERRORS = Counter("office_errors_total", "Answers that were refusals, by key.", ["key"])
STORE = Enum(
    "office_store",
    "How the store is when it is written and read.",
    states=["ok", "away", "disk_full", "panic", "refused", "key_wrong"],
)
DISK_FREE = Gauge("office_disk_free_bytes", "Free disk where the store keeps its files.")
