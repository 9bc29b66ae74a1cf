"""办件 Cases: from a confirmed application to its conclusion, on a statutory clock."""
