"""大厅 Offices: where the service halls and convenience centres are and when they are open."""
