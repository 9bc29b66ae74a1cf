"""What all rooms share: pure rules and the frozen types at the seams. It imports no room."""
