"""媒体 Media: photos, voice and papers that citizens send; kept sealed, known by their content."""
