"""The ground floor: errors, digests, canonical JSON, Merkle trees, shelves and acts. Standard library only, pure."""
