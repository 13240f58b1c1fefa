"""The official JSON Schemas of CycloneDX 1.7 (CycloneDX/specification, commit b29bae66, Apache License 2.0), unchanged."""
