"""What a message means before the gate reads it: danger first, then what follows a situation."""
