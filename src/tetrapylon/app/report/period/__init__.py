"""What an auditor asks of a period: states over time, gaps, exceptions, samples, decisions, keys."""
