"""Written conversations, held with a whole house on a day that is asked for, and checked."""
