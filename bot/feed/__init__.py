"""What starts in the office (staff messages, notices) on its way to the citizen's channel."""
