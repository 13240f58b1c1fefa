"""Manage technical debt and plan decommissioning."""
