"""The registry: which portals are inspected, to whom they belong, and what an office has allowed them."""
