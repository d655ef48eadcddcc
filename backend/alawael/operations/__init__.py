"""Looking after the running program: its health, first set-up, background jobs and audit trail."""
