"""Engines: what hands the tasks of a run, or batches of documents, to many machines."""
