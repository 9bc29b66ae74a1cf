"""The hands of the clerk: rasa-sdk actions, one file a journey, one backend call an action."""
