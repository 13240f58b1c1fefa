"""Protect models continuously: hash and sign as soon as trained, verify at every use.

Reads: model files and their OpenSSF signatures (`MODEL.sig`), datasets, prompts. Leaves: `integrity-check` and
`slsa-provenance`. Moves: SP2.3, SP2.4, SP2.5, SP2.6, SV1.10, SV2.6, SV3.7. Cannot see: whether the bytes that were signed
were good, and anything about models behind an address.
"""
