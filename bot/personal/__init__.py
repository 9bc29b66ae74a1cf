"""个人信息 The door's share of what is known of a person: copied out, or erased."""
