"""Supervision (电子监察): who looked at whose personal data, and when."""
