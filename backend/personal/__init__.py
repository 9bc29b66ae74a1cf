"""个人信息 Personal data: what the office has of one person, copied out or erased as a whole."""
