"""What the ear is measured by: against stock Rasa, in other forms of speech, and grown."""
