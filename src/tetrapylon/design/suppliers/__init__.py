"""Examine suppliers before their models, interfaces and libraries are used, and again when that grows old."""
