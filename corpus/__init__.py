"""Corpus: reading, running and writing, around the pure steps of `normalize`."""
