"""The dialogue service: runs the turns of the Rasa project, one conversation in order."""
