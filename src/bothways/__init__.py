"""bothways: a QA test-harness suite for two-way data synchronisation."""
