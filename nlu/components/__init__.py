"""The ear's parts: small Rasa graph components around pure text models."""
