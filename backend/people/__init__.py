"""人员 People: who a citizen is, proven by ID number and phone, kept sealed and shown masked."""
