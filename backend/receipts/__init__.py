"""回执 Receipts: signed proof that an application was handed in, which anyone can check."""
