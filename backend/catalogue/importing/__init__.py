"""导入 Brings an office's own list (CSV, XLSX, JSONL) in as a version, and writes one out."""
