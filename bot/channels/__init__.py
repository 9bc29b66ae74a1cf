"""The doors to the street: one file a messaging channel, all of them alike inside."""
