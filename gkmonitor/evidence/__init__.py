"""Evidence: what was seen, as bytes that others can check: WARC files, screenshots, day roots, packs to hand over."""
