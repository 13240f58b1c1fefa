"""Vet third-party parts; be ready to fail over."""
