"""The models behind the gateway: where they are, and a small client that speaks to them."""
