"""Staff (工作人员): accounts, roles, log-in and sessions."""
