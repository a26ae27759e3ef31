"""Time to an event: events, patients and time of log-rank, Cox, RMST and one-sample designs."""
